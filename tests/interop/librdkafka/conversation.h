/// How a client's program talks to try_client.py, and what the librdkafka program shares.
/// Everything here ends the program at the first thing that is not as it must be.
#pragma once

#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stdint.h>

#define PATIENCE_MS 30000
#define GROUP_PARTITIONS 6

/// "host:port" of the broker.
extern const char* address;

__attribute__((format(printf, 1, 2))) void say(const char* format, ...);
__attribute__((format(printf, 1, 2), noreturn)) void fail(const char* format, ...);
#define REQUIRE(condition, ...)              \
    do {                                     \
        if (!(condition)) fail(__VA_ARGS__); \
    } while (0)

/// Says `request` and waits for "done".
void ask(const char* request);

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

/// The next record, or a failure after PATIENCE_MS.
rd_kafka_message_t* next_record(rd_kafka_t* consumer);

/// What an admin call answered, checked for an error of the call as a whole. The caller destroys
/// it.
rd_kafka_event_t* answer_of(rd_kafka_queue_t* queue);

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
void delete_topic(rd_kafka_t* client, const char* topic);
/// The error of creating it; NULL if none.
const rd_kafka_topic_result_t* first_topic_result(rd_kafka_event_t* answer);
