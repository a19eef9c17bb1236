/// Configurations, offsets by time, and the deletion of records.
#include "conversation.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct resource {
    rd_kafka_ResourceType_t type;
    const char* name;
};

/// A setting, and how many there are beside it.
struct setting {
    const char* key;
    char value[64];
    size_t count;
};

/// Takes the setting of the one resource out of the answer to DescribeConfigs, or none out of that
/// to AlterConfigs.
static rd_kafka_resp_err_t read_resource(rd_kafka_event_t* answer, void* found) {
    struct setting* wanted = found;
    size_t count = 0;
    const rd_kafka_ConfigResource_t** resources =
        rd_kafka_event_type(answer) == RD_KAFKA_EVENT_DESCRIBECONFIGS_RESULT
            ? rd_kafka_DescribeConfigs_result_resources(
                  rd_kafka_event_DescribeConfigs_result(answer), &count)
            : rd_kafka_AlterConfigs_result_resources(rd_kafka_event_AlterConfigs_result(answer),
                                                     &count);
    REQUIRE(count == 1, "%zu resources instead of one", count);
    const rd_kafka_resp_err_t error = rd_kafka_ConfigResource_error(resources[0]);
    if (error || wanted == NULL) return error;
    const rd_kafka_ConfigEntry_t** entries =
        rd_kafka_ConfigResource_configs(resources[0], &wanted->count);
    for (size_t index = 0; index < wanted->count; ++index) {
        if (strcmp(rd_kafka_ConfigEntry_name(entries[index]), wanted->key) != 0) continue;
        snprintf(
            wanted->value, sizeof wanted->value, "%s", rd_kafka_ConfigEntry_value(entries[index]));
        return error;
    }
    fail("no %s among the configurations", wanted->key);
}

static void ask_to_describe(rd_kafka_t* client, rd_kafka_queue_t* queue, const void* what) {
    const struct resource* wanted = what;
    rd_kafka_ConfigResource_t* resource = rd_kafka_ConfigResource_new(wanted->type, wanted->name);
    rd_kafka_DescribeConfigs(client, &resource, 1, NULL, queue);
    rd_kafka_ConfigResource_destroy(resource);
}

/// How many configurations there are, this key among them with this value; in time, where each of
/// three brokers follows the controller in its own.
static size_t require_config(rd_kafka_t* client,
                             struct resource of,
                             const char* key,
                             const char* wanted) {
    const int64_t deadline = now_ms() + (leaders_die ? PATIENCE_MS : 0);
    for (;;) {
        struct setting found = {.key = key};
        const rd_kafka_resp_err_t error = administer(
            client,
            (struct administration){
                .ask = ask_to_describe, .what = &of, .read = read_resource, .found = &found});
        REQUIRE(!error, "the configurations of %s: %s", of.name, rd_kafka_err2str(error));
        if (strcmp(found.value, wanted) == 0) return found.count;
        REQUIRE(now_ms() < deadline, "%s is %s instead of %s", key, found.value, wanted);
        keep_pace();
    }
}

struct change {
    const char* topic;
    const char* key;
    const char* value;
};

static void ask_to_alter(rd_kafka_t* client, rd_kafka_queue_t* queue, const void* what) {
    const struct change* wanted = what;
    rd_kafka_ConfigResource_t* resource =
        rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, wanted->topic);
    REQUIRE(!rd_kafka_ConfigResource_set_config(resource, wanted->key, wanted->value),
            "%s",
            wanted->key);
    rd_kafka_AlterConfigs(client, &resource, 1, NULL, queue);
    rd_kafka_ConfigResource_destroy(resource);
}

void try_configs(rd_kafka_t* client) {
    const struct resource topic = {RD_KAFKA_RESOURCE_TOPIC, "admin"};
    const struct resource broker = {RD_KAFKA_RESOURCE_BROKER, "1"};
    const size_t of_topic = require_config(client, topic, "retention.ms", "123456");
    require_config(client, topic, "cleanup.policy", "delete");
    const size_t of_broker =
        require_config(client, broker, "group.initial.rebalance.delay.ms", "200");
    say("ok describe-configs: %zu of a topic, %zu of the broker", of_topic, of_broker);
    const struct change wanted = {"admin", "max.message.bytes", "54321"};
    const rd_kafka_resp_err_t error = administer(
        client,
        (struct administration){.ask = ask_to_alter, .what = &wanted, .read = read_resource});
    REQUIRE(!error, "altering %s: %s", wanted.key, rd_kafka_err2str(error));
    require_config(client, topic, "max.message.bytes", "54321");
    require_config(client, topic, "retention.ms", "604800000");
    say("ok alter-configs: sets what it names and resets the rest");
}

static int64_t offset_at(rd_kafka_t* client, const char* topic, int64_t time_ms) {
    const int64_t since = now_ms();
    rd_kafka_topic_partition_list_t* asked = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_t* where = rd_kafka_topic_partition_list_add(asked, topic, 0);
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
    do {
        where->offset = time_ms;
        error = rd_kafka_offsets_for_times(client, asked, PATIENCE_MS);
        if (!error) error = where->err;
    } while (error && is_worth_repeating(error, since));
    REQUIRE(!error, "offsets for times: %s", rd_kafka_err2str(error));
    const int64_t found = where->offset;
    rd_kafka_topic_partition_list_destroy(asked);
    return found;
}

static void require_ends(rd_kafka_t* client, const char* topic, int64_t earliest, int64_t latest) {
    const int64_t since = now_ms();
    int64_t low = -1;
    int64_t high = -1;
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
    do {
        error = rd_kafka_query_watermark_offsets(client, topic, 0, &low, &high, PATIENCE_MS);
    } while (error && is_worth_repeating(error, since));
    REQUIRE(!error, "watermarks: %s", rd_kafka_err2str(error));
    REQUIRE(low == earliest && high == latest,
            "earliest and latest are %" PRId64 " and %" PRId64,
            low,
            high);
}

static void ask_to_delete_records(rd_kafka_t* client, rd_kafka_queue_t* queue, const void* what) {
    rd_kafka_DeleteRecords_t* request = rd_kafka_DeleteRecords_new(what);
    rd_kafka_DeleteRecords(client, &request, 1, NULL, queue);
    rd_kafka_DeleteRecords_destroy(request);
}

static rd_kafka_resp_err_t read_low_watermark(rd_kafka_event_t* answer, void* found) {
    const rd_kafka_topic_partition_list_t* offsets =
        rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(answer));
    *(int64_t*)found = offsets->elems[0].offset;
    return offsets->elems[0].err;
}

/// A new leader, like Kafka's, takes what it does not yet know to be in sync for out of range.
static void delete_records(rd_kafka_t* client, const char* topic, int64_t before) {
    rd_kafka_topic_partition_list_t* bounds = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(bounds, topic, 0)->offset = before;
    int64_t low = -1;
    const rd_kafka_resp_err_t error =
        administer(client,
                   (struct administration){.ask = ask_to_delete_records,
                                           .what = bounds,
                                           .read = read_low_watermark,
                                           .found = &low,
                                           .passing = RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE});
    REQUIRE(!error && low == before, "the deletion of records: %s", rd_kafka_err2str(error));
    rd_kafka_topic_partition_list_destroy(bounds);
}

void try_offsets(rd_kafka_t* client) {
    const int64_t begin = 1700000000000;
    use_topic("offsets", 1);
    produce_numbers("offsets", 0, "offset", 0, 10, begin);
    require_ends(client, "offsets", 0, 10);
    REQUIRE(offset_at(client, "offsets", begin + 3500) == 4, "the first at or after a time");
    REQUIRE(offset_at(client, "offsets", begin * 10) == RD_KAFKA_OFFSET_END,
            "after the last: the end");
    say("ok list-offsets: 0, 10, and 4 for a time between the 4th and the 5th record");
    lose_leader_of("offsets");
    delete_records(client, "offsets", 3);
    require_ends(client, "offsets", 3, 10);
    say("ok delete-records: the earliest offset moved from 0 to 3");
    say("unsupported describe-log-dirs: its admin has no such call");
}
