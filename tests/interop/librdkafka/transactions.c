/// Transactions: what a reader of committed records sees, fencing, and offsets.
#include "conversation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRANSACTIONS = 20, RECORDS = 10, VALUE_MAX = 32 };

static void require_done(rd_kafka_error_t* error, const char* what) {
    REQUIRE(error == NULL, "%s: %s", what, rd_kafka_error_string(error));
}

static rd_kafka_t* transactional_producer(const char* transactional_id) {
    rd_kafka_t* producer =
        new_client(RD_KAFKA_PRODUCER, settings_of("transactional.id", transactional_id, NULL));
    require_done(insist_on(rd_kafka_init_transactions, producer), "init_transactions");
    return producer;
}

static void write_values(rd_kafka_t* producer, const char* topic, const char* name) {
    for (int number = 0; number < RECORDS; ++number) {
        char value[VALUE_MAX];
        const int length = snprintf(value, sizeof value, "%s-%d", name, number);
        const rd_kafka_resp_err_t error =
            rd_kafka_producev(producer,
                              RD_KAFKA_V_TOPIC(topic),
                              RD_KAFKA_V_PARTITION(0),
                              RD_KAFKA_V_VALUE(value, length),
                              RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                              RD_KAFKA_V_END);
        REQUIRE(!error, "producing: %s", rd_kafka_err2str(error));
        keep_pace();
    }
    REQUIRE(!rd_kafka_flush(producer, PATIENCE_MS), "records left after flush");
}

static rd_kafka_t* committed_reader(const char* group) {
    return new_client(RD_KAFKA_CONSUMER,
                      settings_of("group.id",
                                  group,
                                  "isolation.level",
                                  "read_committed",
                                  "enable.partition.eof",
                                  "true",
                                  "enable.auto.commit",
                                  "false",
                                  NULL));
}

/// Checks that the topic's one partition shows these values, each with all its records, and nothing
/// else.
static void expect_values(const char* topic, char names[][VALUE_MAX], int count) {
    rd_kafka_t* consumer = committed_reader("reader");
    rd_kafka_topic_partition_list_t* from = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(from, topic, 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
    REQUIRE(!rd_kafka_assign(consumer, from), "assigning %s", topic);
    rd_kafka_topic_partition_list_destroy(from);
    int seen = 0;
    for (;;) {
        rd_kafka_message_t* record = next_record(consumer);
        const bool is_end = record->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
        if (!is_end) {
            char wanted[2 * VALUE_MAX];
            REQUIRE(seen < count * RECORDS, "%s has more than %d records", topic, seen);
            const int length =
                snprintf(wanted, sizeof wanted, "%s-%d", names[seen / RECORDS], seen % RECORDS);
            REQUIRE(record->len == (size_t)length && !memcmp(record->payload, wanted, record->len),
                    "record %d of %s is %.*s and not %s",
                    seen,
                    topic,
                    (int)record->len,
                    (const char*)record->payload,
                    wanted);
            ++seen;
        }
        rd_kafka_message_destroy(record);
        // A new leader learns only by and by how far its records are in sync.
        if (is_end && (seen == count * RECORDS || !leaders_die)) break;
    }
    REQUIRE(seen == count * RECORDS, "%s has %d committed records", topic, seen);
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
}

static void try_commits_and_aborts(void) {
    use_topic("transactions", 1);
    rd_kafka_t* producer = transactional_producer("commits-and-aborts");
    char wanted[TRANSACTIONS][VALUE_MAX];
    int committed = 0;
    for (int number = 0; number < TRANSACTIONS; ++number) {
        char name[VALUE_MAX];
        snprintf(name, sizeof name, "%d", number);
        require_done(rd_kafka_begin_transaction(producer), "begin_transaction");
        write_values(producer, "transactions", name);
        if (number % 3 == 1) {
            require_done(insist_on(rd_kafka_abort_transaction, producer), "abort_transaction");
        } else {
            require_done(insist_on(rd_kafka_commit_transaction, producer), "commit_transaction");
            memcpy(wanted[committed++], name, sizeof name);
        }
    }
    require_done(rd_kafka_begin_transaction(producer), "begin_transaction");
    write_values(producer, "transactions", "open");
    expect_values("transactions", wanted, committed);
    require_done(insist_on(rd_kafka_abort_transaction, producer), "abort_transaction");
    expect_values("transactions", wanted, committed);
    rd_kafka_destroy(producer);
    say("ok transactions: %d in turn; of those aborted and the one left open no record was read",
        TRANSACTIONS);
}

static void try_fencing(void) {
    use_topic("fencing", 1);
    rd_kafka_t* old = transactional_producer("fenced");
    require_done(rd_kafka_begin_transaction(old), "begin_transaction");
    write_values(old, "fencing", "old");
    rd_kafka_t* successor = transactional_producer("fenced");
    rd_kafka_error_t* error = insist_on(rd_kafka_commit_transaction, old);
    REQUIRE(error && rd_kafka_error_is_fatal(error), "a producer that was fenced may commit");
    rd_kafka_error_destroy(error);
    require_done(rd_kafka_begin_transaction(successor), "begin_transaction");
    write_values(successor, "fencing", "new");
    require_done(insist_on(rd_kafka_commit_transaction, successor), "commit_transaction");
    char wanted[1][VALUE_MAX] = {"new"};
    expect_values("fencing", wanted, 1);
    rd_kafka_destroy(old);
    rd_kafka_destroy(successor);
    say("ok fencing: the old one cannot commit, and what it left open was aborted");
}

static int64_t committed_offset(rd_kafka_t* reader) {
    rd_kafka_topic_partition_list_t* asked = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(asked, "transactions", 0);
    const int64_t since = now_ms();
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
    do {
        error = rd_kafka_committed(reader, asked, PATIENCE_MS);
    } while (error && is_worth_repeating(error, since));
    REQUIRE(!error, "committed: %s", rd_kafka_err2str(error));
    const int64_t offset = asked->elems[0].offset;
    rd_kafka_topic_partition_list_destroy(asked);
    return offset;
}

static rd_kafka_error_t* send_offsets(rd_kafka_t* producer,
                                      const rd_kafka_topic_partition_list_t* position,
                                      const rd_kafka_consumer_group_metadata_t* group) {
    const int64_t since = now_ms();
    for (;;) {
        rd_kafka_error_t* error =
            rd_kafka_send_offsets_to_transaction(producer, position, group, PATIENCE_MS);
        const bool may_repeat = error != NULL && rd_kafka_error_is_retriable(error);
        if (!may_repeat || !leaders_die || now_ms() > since + PATIENCE_MS) return error;
        rd_kafka_error_destroy(error);
    }
}

static void try_offsets_in_transactions(void) {
    lose_leader_of("__transaction_state");
    rd_kafka_t* producer = transactional_producer("offsets");
    rd_kafka_t* reader = committed_reader("transactional-reader");
    const int64_t offsets[2] = {7, 9};
    for (int number = 0; number < 2; ++number) {
        rd_kafka_topic_partition_list_t* position = rd_kafka_topic_partition_list_new(1);
        rd_kafka_topic_partition_list_add(position, "transactions", 0)->offset = offsets[number];
        rd_kafka_consumer_group_metadata_t* group = rd_kafka_consumer_group_metadata(reader);
        require_done(rd_kafka_begin_transaction(producer), "begin_transaction");
        require_done(send_offsets(producer, position, group), "send_offsets_to_transaction");
        require_done(number == 0 ? insist_on(rd_kafka_commit_transaction, producer)
                                 : insist_on(rd_kafka_abort_transaction, producer),
                     "ending the transaction");
        REQUIRE(committed_offset(reader) == 7, "the offset of the group is not 7");
        rd_kafka_consumer_group_metadata_destroy(group);
        rd_kafka_topic_partition_list_destroy(position);
    }
    rd_kafka_consumer_close(reader);
    rd_kafka_destroy(reader);
    rd_kafka_destroy(producer);
    say("ok transactional-offsets: an offset counts if its transaction is committed, or not at "
        "all");
}

void try_transactions(void) {
    try_commits_and_aborts();
    try_fencing();
    try_offsets_in_transactions();
}
