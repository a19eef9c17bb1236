#include "conversation.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void say(const char* format, ...) {
    va_list values;
    va_start(values, format);
    vprintf(format, values);
    va_end(values);
    printf("\n");
    fflush(stdout);
}

void fail(const char* format, ...) {
    va_list values;
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fprintf(stderr, "\n");
    exit(1);
}

void ask(const char* request) {
    char answer[16];
    say("%s", request);
    REQUIRE(fgets(answer, sizeof answer, stdin) != NULL && strcmp(answer, "done\n") == 0,
            "no answer to: %s",
            request);
}

int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

rd_kafka_conf_t* settings_with(rd_kafka_conf_t* settings, const char* name, const char* value) {
    char reason[256];
    REQUIRE(rd_kafka_conf_set(settings, name, value, reason, sizeof reason) == RD_KAFKA_CONF_OK,
            "%s",
            reason);
    return settings;
}

rd_kafka_conf_t* settings_of(const char* name, ...) {
    rd_kafka_conf_t* settings = settings_with(rd_kafka_conf_new(), "bootstrap.servers", address);
    va_list values;
    va_start(values, name);
    for (; name != NULL; name = va_arg(values, const char*))
        settings_with(settings, name, va_arg(values, const char*));
    va_end(values);
    return settings;
}

rd_kafka_t* new_client(rd_kafka_type_t type, rd_kafka_conf_t* settings) {
    char reason[256];
    // Of the connections that break there it tells at length.
    if (leaders_die) settings_with(settings, "log_level", "2");
    rd_kafka_t* client = rd_kafka_new(type, settings, reason, sizeof reason);
    REQUIRE(client != NULL, "%s", reason);
    if (type == RD_KAFKA_CONSUMER) rd_kafka_poll_set_consumer(client);
    return client;
}

static void require_delivered(rd_kafka_t* client, const rd_kafka_message_t* record, void* opaque) {
    (void)client, (void)opaque;
    REQUIRE(!record->err, "not delivered: %s", rd_kafka_err2str(record->err));
}

void produce_numbers(const char* topic,
                     int32_t partition,
                     const char* prefix,
                     int first,
                     int count,
                     int64_t time_ms) {
    rd_kafka_conf_t* settings =
        settings_of("acks", "all", "enable.idempotence", leaders_die ? "true" : "false", NULL);
    rd_kafka_conf_set_dr_msg_cb(settings, require_delivered);
    rd_kafka_t* producer = new_client(RD_KAFKA_PRODUCER, settings);
    for (int number = first; number < first + count; ++number) {
        char value[64];
        const int length = snprintf(value, sizeof value, "%s-%d", prefix, number);
        const rd_kafka_resp_err_t error =
            rd_kafka_producev(producer,
                              RD_KAFKA_V_TOPIC(topic),
                              RD_KAFKA_V_PARTITION(partition),
                              RD_KAFKA_V_VALUE(value, (size_t)length),
                              RD_KAFKA_V_TIMESTAMP(time_ms + number * 1000),
                              RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                              RD_KAFKA_V_END);
        REQUIRE(!error, "produce: %s", rd_kafka_err2str(error));
        keep_pace();
    }
    REQUIRE(rd_kafka_flush(producer, PATIENCE_MS) == RD_KAFKA_RESP_ERR_NO_ERROR,
            "records left after flush");
    rd_kafka_destroy(producer);
}

rd_kafka_message_t* next_record(rd_kafka_t* consumer) {
    for (;;) {
        rd_kafka_message_t* record = rd_kafka_consumer_poll(consumer, PATIENCE_MS);
        REQUIRE(record != NULL, "no record within %d ms", PATIENCE_MS);
        if (!may_pass(record->err)) {
            REQUIRE(!record->err || record->err == RD_KAFKA_RESP_ERR__PARTITION_EOF,
                    "instead of a record: %s",
                    rd_kafka_message_errstr(record));
            return record;
        }
        rd_kafka_message_destroy(record);
    }
}
