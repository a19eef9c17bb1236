/// How a client's program talks to the test (client_program.py), and what the librdkafka program
/// shares. Everything here ends the program at the first thing that is not as it must be.
#pragma once

#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stdint.h>

/// Whoever leaves while its coordinator is dead is waited for, a whole session again at each new
/// coordinator.
#define PATIENCE_MS (leaders_die ? 90000 : 30000)
#define GROUP_PARTITIONS 6

/// "host:port,..." of the brokers, whose ids count from 1.
extern const char* address;
extern int nodes;
/// There is one broker, which only goes where `ask` says so, or there are three and whoever leads
/// is killed.
extern bool leaders_die;

__attribute__((format(printf, 1, 2))) void say(const char* format, ...);
__attribute__((format(printf, 1, 2), noreturn)) void fail(const char* format, ...);
#define REQUIRE(condition, ...)              \
    do {                                     \
        if (!(condition)) fail(__VA_ARGS__); \
    } while (0)

/// Says `request` and waits for "done".
void ask(const char* request);

/// The topic whose leader may be killed from now on. There, it is made; at a single broker the
/// client makes it.
void use_topic(const char* topic, int partitions);
/// Where leaders die, the leader of this topic is dead now.
void lose_leader_of(const char* topic);
/// Between two records: sending takes long enough to lose a leader.
void keep_pace(void);

/// Whether an error is one that passes, where leaders die: of a connection, a time-out, or a code
/// that Kafka's protocol calls retriable. With records librdkafka goes on by itself.
bool may_pass(rd_kafka_resp_err_t error);
/// Waits a moment and tells whether to repeat a call that began at `since` and ended with this
/// error.
bool is_worth_repeating(rd_kafka_resp_err_t error, int64_t since);

int64_t now_ms(void);

/// A client with these settings: name, value, name, value, …, NULL. "bootstrap.servers" is set
/// already.
rd_kafka_t* new_client(rd_kafka_type_t type, rd_kafka_conf_t* settings);
rd_kafka_conf_t* settings_of(const char* name, ...);
rd_kafka_conf_t* settings_with(rd_kafka_conf_t* settings, const char* name, const char* value);

/// Sends to one partition and returns once every record is acknowledged.
void produce_numbers(const char* topic,
                     int32_t partition,
                     const char* prefix,
                     int first,
                     int count,
                     int64_t time_ms);

/// The next record, or the end of a partition where that is told; a failure after PATIENCE_MS.
rd_kafka_message_t* next_record(rd_kafka_t* consumer);

/// An admin call about one thing: how it is asked, and how what is wanted is taken out of the
/// answer, whose error is then that of the thing.
struct administration {
    void (*ask)(rd_kafka_t* client, rd_kafka_queue_t* queue, const void* what);
    const void* what;
    rd_kafka_resp_err_t (*read)(rd_kafka_event_t* answer, void* found);
    void* found;
    rd_kafka_resp_err_t done;     ///< The error of asking once more, after an answer was lost.
    rd_kafka_resp_err_t passing;  ///< One more that passes, of this call alone.
};
/// Where leaders die it is repeated for as long as its error is one that passes. The last error.
rd_kafka_resp_err_t administer(rd_kafka_t* client, struct administration call);

/// A call of the transactional API is repeated, where leaders die, for as long as it says itself
/// that it may be.
typedef rd_kafka_error_t* (*transactional_call)(rd_kafka_t* producer, int timeout_ms);
rd_kafka_error_t* insist_on(transactional_call call, rd_kafka_t* producer);

// The parts of the program.
void try_records(void);
void try_acks(void);
void try_idempotence(void);
void try_old_versions(void);
void try_topics(rd_kafka_t* client);
void try_configs(rd_kafka_t* client);
void try_offsets(rd_kafka_t* client);
void try_group(rd_kafka_t* client);
void try_group_administration(rd_kafka_t* client);
void try_transactions(void);

extern const char* const group_name;
extern const char* const group_topic;
void create_topic(rd_kafka_t* client, const char* topic, int partitions);
