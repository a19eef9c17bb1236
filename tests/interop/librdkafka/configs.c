/// Configurations, offsets by time, and the deletion of records.
#include "conversation.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/// The resource in the answer to a DescribeConfigs or AlterConfigs of one resource.
static const rd_kafka_ConfigResource_t* resource_in(rd_kafka_event_t* answer) {
    size_t count = 0;
    const rd_kafka_ConfigResource_t** found =
        rd_kafka_event_type(answer) == RD_KAFKA_EVENT_DESCRIBECONFIGS_RESULT
            ? rd_kafka_DescribeConfigs_result_resources(
                  rd_kafka_event_DescribeConfigs_result(answer), &count)
            : rd_kafka_AlterConfigs_result_resources(rd_kafka_event_AlterConfigs_result(answer),
                                                     &count);
    REQUIRE(count == 1, "%zu resources instead of one", count);
    REQUIRE(!rd_kafka_ConfigResource_error(found[0]),
            "%s",
            rd_kafka_ConfigResource_error_string(found[0]));
    return found[0];
}

static rd_kafka_event_t* describe(rd_kafka_t* client,
                                  rd_kafka_ResourceType_t type,
                                  const char* name) {
    rd_kafka_queue_t* queue = rd_kafka_queue_new(client);
    rd_kafka_ConfigResource_t* resource = rd_kafka_ConfigResource_new(type, name);
    rd_kafka_DescribeConfigs(client, &resource, 1, NULL, queue);
    rd_kafka_event_t* answer = answer_of(queue);
    rd_kafka_ConfigResource_destroy(resource);
    rd_kafka_queue_destroy(queue);
    return answer;
}

static const char* value_in(rd_kafka_event_t* answer, const char* key, size_t* count) {
    const rd_kafka_ConfigEntry_t** entries =
        rd_kafka_ConfigResource_configs(resource_in(answer), count);
    for (size_t index = 0; index < *count; ++index) {
        if (strcmp(rd_kafka_ConfigEntry_name(entries[index]), key) == 0)
            return rd_kafka_ConfigEntry_value(entries[index]);
    }
    fail("no %s among the configurations", key);
}

/// How many configurations there are, this key among them with this value.
static size_t require_config(rd_kafka_t* client,
                             rd_kafka_ResourceType_t type,
                             const char* name,
                             const char* key,
                             const char* wanted) {
    size_t count;
    rd_kafka_event_t* answer = describe(client, type, name);
    const char* value = value_in(answer, key, &count);
    REQUIRE(strcmp(value, wanted) == 0, "%s is %s instead of %s", key, value, wanted);
    rd_kafka_event_destroy(answer);
    return count;
}

static void alter(rd_kafka_t* client, const char* topic, const char* key, const char* value) {
    rd_kafka_queue_t* queue = rd_kafka_queue_new(client);
    rd_kafka_ConfigResource_t* resource =
        rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic);
    REQUIRE(!rd_kafka_ConfigResource_set_config(resource, key, value), "%s", key);
    rd_kafka_AlterConfigs(client, &resource, 1, NULL, queue);
    rd_kafka_event_t* answer = answer_of(queue);
    (void)resource_in(answer);
    rd_kafka_event_destroy(answer);
    rd_kafka_ConfigResource_destroy(resource);
    rd_kafka_queue_destroy(queue);
}

void try_configs(rd_kafka_t* client) {
    const size_t of_topic =
        require_config(client, RD_KAFKA_RESOURCE_TOPIC, "admin", "retention.ms", "123456");
    require_config(client, RD_KAFKA_RESOURCE_TOPIC, "admin", "cleanup.policy", "delete");
    const size_t of_broker = require_config(
        client, RD_KAFKA_RESOURCE_BROKER, "1", "group.initial.rebalance.delay.ms", "200");
    say("ok describe-configs: %zu of a topic, %zu of the broker", of_topic, of_broker);
    alter(client, "admin", "max.message.bytes", "54321");
    require_config(client, RD_KAFKA_RESOURCE_TOPIC, "admin", "max.message.bytes", "54321");
    require_config(client, RD_KAFKA_RESOURCE_TOPIC, "admin", "retention.ms", "604800000");
    say("ok alter-configs: sets what it names and resets the rest");
}

static int64_t offset_at(rd_kafka_t* client, const char* topic, int64_t time_ms) {
    rd_kafka_topic_partition_list_t* asked = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(asked, topic, 0)->offset = time_ms;
    const rd_kafka_resp_err_t error = rd_kafka_offsets_for_times(client, asked, PATIENCE_MS);
    REQUIRE(!error && !asked->elems[0].err, "offsets for times: %s", rd_kafka_err2str(error));
    const int64_t found = asked->elems[0].offset;
    rd_kafka_topic_partition_list_destroy(asked);
    return found;
}

static void require_ends(rd_kafka_t* client, const char* topic, int64_t earliest, int64_t latest) {
    int64_t low = -1;
    int64_t high = -1;
    const rd_kafka_resp_err_t error =
        rd_kafka_query_watermark_offsets(client, topic, 0, &low, &high, PATIENCE_MS);
    REQUIRE(!error, "watermarks: %s", rd_kafka_err2str(error));
    REQUIRE(low == earliest && high == latest,
            "earliest and latest are %" PRId64 " and %" PRId64,
            low,
            high);
}

static void delete_records(rd_kafka_t* client, const char* topic, int64_t before) {
    rd_kafka_queue_t* queue = rd_kafka_queue_new(client);
    rd_kafka_topic_partition_list_t* bounds = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(bounds, topic, 0)->offset = before;
    rd_kafka_DeleteRecords_t* request = rd_kafka_DeleteRecords_new(bounds);
    rd_kafka_DeleteRecords(client, &request, 1, NULL, queue);
    rd_kafka_event_t* answer = answer_of(queue);
    const rd_kafka_topic_partition_list_t* found =
        rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(answer));
    REQUIRE(!found->elems[0].err && found->elems[0].offset == before,
            "the low watermark after the deletion");
    rd_kafka_event_destroy(answer);
    rd_kafka_DeleteRecords_destroy(request);
    rd_kafka_topic_partition_list_destroy(bounds);
    rd_kafka_queue_destroy(queue);
}

void try_offsets(rd_kafka_t* client) {
    const int64_t begin = 1700000000000;
    produce_numbers("offsets", 0, "offset", 0, 10, begin);
    require_ends(client, "offsets", 0, 10);
    REQUIRE(offset_at(client, "offsets", begin + 3500) == 4, "the first at or after a time");
    REQUIRE(offset_at(client, "offsets", begin * 10) == RD_KAFKA_OFFSET_END,
            "after the last: the end");
    say("ok list-offsets: 0, 10, and 4 for a time between the 4th and the 5th record");
    delete_records(client, "offsets", 3);
    require_ends(client, "offsets", 3, 10);
    say("ok delete-records: the earliest offset moved from 0 to 3");
    say("unsupported describe-log-dirs: its admin has no such call");
}
