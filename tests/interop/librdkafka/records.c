/// Records of every kind, with every codec, every acks and an idempotent producer.
#include "conversation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECORDS = 120, VALUE_MAX = 1024 };

/// What record `number` of a run holds; the same when it is sent and when it is compared.
struct sample {
    char key[32];
    size_t key_length;
    bool key_null;
    char value[VALUE_MAX];
    size_t value_length;
    bool value_null;
    int headers;
    int64_t time_ms;
};

static int64_t hour_ago;

static struct sample make_sample(int number) {
    struct sample made = {.key_null = number % 10 == 3,
                          .value_null = number % 10 == 5,
                          .headers = number % 3,
                          .time_ms = hour_ago + number * 7};
    if (number % 10 != 4)
        made.key_length = (size_t)snprintf(made.key, sizeof made.key, "key-%d", number);
    if (number % 10 == 6) return made;
    for (int times = 0; times <= number % 50; ++times) {
        made.value_length += (size_t)snprintf(
            made.value + made.value_length, VALUE_MAX - made.value_length, "value %d ", number);
    }
    return made;
}

static rd_kafka_headers_t* make_headers(int count) {
    rd_kafka_headers_t* headers = rd_kafka_headers_new(2);
    if (count == 1) rd_kafka_header_add(headers, "trace", -1, "one", -1);
    if (count == 2) {
        rd_kafka_header_add(headers, "twice", -1, "", 0);
        rd_kafka_header_add(headers, "twice", -1, NULL, 0);
    }
    return headers;
}

static void note_offset(rd_kafka_t* client, const rd_kafka_message_t* record, void* opaque) {
    (void)client, (void)opaque;
    REQUIRE(!record->err, "not delivered: %s", rd_kafka_err2str(record->err));
    ++*(int*)record->_private;
}

/// Sends `count` samples and returns once each is acknowledged.
static void produce_samples(const char* topic, int count, rd_kafka_conf_t* settings) {
    int delivered = 0;
    rd_kafka_conf_set_dr_msg_cb(settings, note_offset);
    rd_kafka_t* producer = new_client(RD_KAFKA_PRODUCER, settings);
    for (int number = 0; number < count; ++number) {
        const struct sample sent = make_sample(number);
        const rd_kafka_resp_err_t error = rd_kafka_producev(
            producer,
            RD_KAFKA_V_TOPIC(topic),
            RD_KAFKA_V_PARTITION(0),
            RD_KAFKA_V_KEY(sent.key_null ? NULL : sent.key, sent.key_length),
            RD_KAFKA_V_VALUE(sent.value_null ? NULL : (void*)sent.value, sent.value_length),
            RD_KAFKA_V_HEADERS(make_headers(sent.headers)),
            RD_KAFKA_V_TIMESTAMP(sent.time_ms),
            RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
            RD_KAFKA_V_OPAQUE(&delivered),
            RD_KAFKA_V_END);
        REQUIRE(!error, "produce: %s", rd_kafka_err2str(error));
        keep_pace();
    }
    REQUIRE(rd_kafka_flush(producer, PATIENCE_MS) == RD_KAFKA_RESP_ERR_NO_ERROR,
            "records left after flush");
    REQUIRE(delivered == count, "%d records delivered of %d", delivered, count);
    rd_kafka_destroy(producer);
}

static bool same_bytes(
    const void* actual, size_t length, const void* wanted, size_t wanted_length, bool null) {
    if (null) return actual == NULL;
    return actual != NULL && length == wanted_length && memcmp(actual, wanted, length) == 0;
}

static void compare_headers(const rd_kafka_message_t* record, int count) {
    rd_kafka_headers_t* headers = NULL;
    const rd_kafka_resp_err_t error = rd_kafka_message_headers(record, &headers);
    REQUIRE(error == (count == 0 ? RD_KAFKA_RESP_ERR__NOENT : 0),
            "headers: %s",
            rd_kafka_err2str(error));
    REQUIRE(count == 0 || rd_kafka_header_cnt(headers) == (size_t)count, "number of headers");
    for (size_t index = 0; index < (size_t)count; ++index) {
        const char* name;
        const void* value;
        size_t size;
        rd_kafka_header_get_all(headers, index, &name, &value, &size);
        REQUIRE(strcmp(name, count == 1 ? "trace" : "twice") == 0, "header name %s", name);
        const bool as_sent = count == 1 ? same_bytes(value, size, "one", 3, false)
                                        : same_bytes(value, size, "", 0, index == 1);
        REQUIRE(as_sent, "value of header %zu of %d", index, count);
    }
}

static void compare(const rd_kafka_message_t* record, int number) {
    const struct sample sent = make_sample(number);
    rd_kafka_timestamp_type_t kind;
    REQUIRE(same_bytes(record->key, record->key_len, sent.key, sent.key_length, sent.key_null),
            "key %d",
            number);
    REQUIRE(
        same_bytes(record->payload, record->len, sent.value, sent.value_length, sent.value_null),
        "value %d",
        number);
    REQUIRE(rd_kafka_message_timestamp(record, &kind) == sent.time_ms, "timestamp %d", number);
    REQUIRE(kind == RD_KAFKA_TIMESTAMP_CREATE_TIME, "timestamp type %d", number);
    compare_headers(record, sent.headers);
}

/// What a producer's settings promise where leaders die; where they do not, it is always each once.
enum promise { EACH_ONCE, AT_LEAST_ONCE, NOTHING };

/// What a topic was found to hold.
struct reading {
    int64_t records;
    int different;  ///< So many of the first samples were seen.
};

/// A record is the one after those that were seen, or, where the promise leaves room, one of those
/// that is there again, or one after some that were lost.
static void note(struct reading* found, const rd_kafka_message_t* record, enum promise promise) {
    const int number = (int)((rd_kafka_message_timestamp(record, NULL) - hour_ago) / 7);
    REQUIRE(record->offset == found->records,
            "offset %" PRId64 " instead of %" PRId64,
            record->offset,
            found->records);
    REQUIRE(number == found->different || (promise != EACH_ONCE && number < found->different) ||
                promise == NOTHING,
            "record %d where %d was due",
            number,
            found->different);
    compare(record, number);
    ++found->records;
    if (number >= found->different) found->different = number + 1;
}

/// The topic holds the first `count` samples and nothing else, as promised. A new leader learns
/// only by and by how far its records are in sync: there may be more than one end.
static void consume_samples(const char* topic,
                            int count,
                            enum promise promise,
                            rd_kafka_conf_t* settings) {
    if (!leaders_die) promise = EACH_ONCE;
    settings_with(settings, "group.id", "unused");
    settings_with(settings, "fetch.wait.max.ms", "50");
    settings_with(settings, "enable.partition.eof", "true");
    rd_kafka_t* consumer = new_client(RD_KAFKA_CONSUMER, settings);
    rd_kafka_topic_partition_list_t* from = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(from, topic, 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
    REQUIRE(!rd_kafka_assign(consumer, from), "assign");
    struct reading found = {0};
    for (bool is_over = false; !is_over;) {
        rd_kafka_message_t* record = next_record(consumer);
        const bool is_end = record->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
        if (!is_end) note(&found, record, promise);
        is_over = is_end && (found.different == count || promise == NOTHING || !leaders_die);
        rd_kafka_message_destroy(record);
    }
    REQUIRE(found.different == count || promise == NOTHING,
            "%s holds %d of %d records",
            topic,
            found.different,
            count);
    rd_kafka_topic_partition_list_destroy(from);
    rd_kafka_destroy(consumer);
}

void try_records(void) {
    static const char* const codecs[] = {"none", "gzip", "snappy", "lz4", "zstd"};
    hour_ago = (now_ms() / 1000 - 3600) * 1000;
    for (size_t index = 0; index < sizeof codecs / sizeof *codecs; ++index) {
        char topic[32];
        snprintf(topic, sizeof topic, "codec-%s", codecs[index]);
        use_topic(topic, 1);
        rd_kafka_conf_t* settings =
            settings_of("compression.type", codecs[index], "linger.ms", "20", NULL);
        if (leaders_die) settings_with(settings, "enable.idempotence", "true");
        produce_samples(topic, RECORDS, settings);
        consume_samples(topic, RECORDS, EACH_ONCE, settings_of(NULL));
        say("ok %s: %d records came back as they were sent", topic, RECORDS);
    }
    say("ok keys: compared in every record of every codec");
    say("ok headers: compared in every record of every codec, an empty and a null one among them");
    say("ok timestamps: compared in every record of every codec");
}

void try_acks(void) {
    static const char* const all[] = {"0", "1", "all"};
    for (size_t index = 0; index < 3; ++index) {
        char topic[32];
        snprintf(topic, sizeof topic, "acks-%s", all[index]);
        use_topic(topic, 1);
        produce_samples(topic, 20, settings_of("acks", all[index], "max.in.flight", "1", NULL));
        consume_samples(topic, 20, index == 2 ? AT_LEAST_ONCE : NOTHING, settings_of(NULL));
    }
    say("ok acks: 20 records with each, received in order");
}

void try_idempotence(void) {
    use_topic("idempotence", 1);
    produce_samples(
        "idempotence",
        500,
        settings_of(
            "enable.idempotence", "true", "batch.num.messages", "50", "linger.ms", "0", NULL));
    consume_samples("idempotence", 500, EACH_ONCE, settings_of(NULL));
    say("ok idempotence: 500 records in batches of at most 50, in order, sequences without a gap");
}

static rd_kafka_conf_t* old_settings(void) {
    return settings_of("api.version.request", "false", "broker.version.fallback", "1.0.0", NULL);
}

void try_old_versions(void) {
    use_topic("old-versions", 1);
    produce_samples("old-versions", RECORDS, settings_with(old_settings(), "max.in.flight", "1"));
    consume_samples("old-versions", RECORDS, AT_LEAST_ONCE, old_settings());
    say("ok old-versions: %d records came back as they were sent", RECORDS);
}
