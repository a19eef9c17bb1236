/// Topics, configurations, offsets and records, through the admin API.
#include "conversation.h"

#include <stdio.h>
#include <string.h>

const rd_kafka_topic_result_t* first_topic_result(rd_kafka_event_t* answer) {
    size_t count = 0;
    const rd_kafka_topic_result_t** results = NULL;
    switch (rd_kafka_event_type(answer)) {
        case RD_KAFKA_EVENT_CREATETOPICS_RESULT:
            results = rd_kafka_CreateTopics_result_topics(
                rd_kafka_event_CreateTopics_result(answer), &count);
            break;
        case RD_KAFKA_EVENT_DELETETOPICS_RESULT:
            results = rd_kafka_DeleteTopics_result_topics(
                rd_kafka_event_DeleteTopics_result(answer), &count);
            break;
        case RD_KAFKA_EVENT_CREATEPARTITIONS_RESULT:
            results = rd_kafka_CreatePartitions_result_topics(
                rd_kafka_event_CreatePartitions_result(answer), &count);
            break;
        default:
            fail("an answer to something else: %s", rd_kafka_event_name(answer));
    }
    REQUIRE(count == 1, "%zu results instead of one", count);
    return results[0];
}

/// Takes `topic`. The outcome of creating it.
static rd_kafka_resp_err_t create(rd_kafka_t* client,
                                  rd_kafka_NewTopic_t* topic,
                                  bool only_validate) {
    rd_kafka_queue_t* queue = rd_kafka_queue_new(client);
    rd_kafka_AdminOptions_t* options =
        rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    char reason[256];
    REQUIRE(!rd_kafka_AdminOptions_set_validate_only(options, only_validate, reason, sizeof reason),
            "%s",
            reason);
    rd_kafka_CreateTopics(client, &topic, 1, options, queue);
    rd_kafka_event_t* answer = answer_of(queue);
    const rd_kafka_resp_err_t error = rd_kafka_topic_result_error(first_topic_result(answer));
    rd_kafka_event_destroy(answer);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(queue);
    rd_kafka_NewTopic_destroy(topic);
    return error;
}

static rd_kafka_NewTopic_t* new_topic(const char* name, int partitions, int replicas) {
    char reason[256];
    rd_kafka_NewTopic_t* topic =
        rd_kafka_NewTopic_new(name, partitions, replicas, reason, sizeof reason);
    REQUIRE(topic != NULL, "%s", reason);
    return topic;
}

void create_topic(rd_kafka_t* client, const char* topic, int partitions) {
    const rd_kafka_resp_err_t error = create(client, new_topic(topic, partitions, 1), false);
    REQUIRE(!error, "creation of %s: %s", topic, rd_kafka_err2str(error));
}

static rd_kafka_NewTopic_t* topic_with_config(void) {
    rd_kafka_NewTopic_t* topic = new_topic("admin", 3, 1);
    REQUIRE(!rd_kafka_NewTopic_set_config(topic, "retention.ms", "123456"),
            "a topic's configuration");
    return topic;
}

static rd_kafka_NewTopic_t* topic_with_assignment(void) {
    char reason[256];
    int32_t on[] = {1};
    rd_kafka_NewTopic_t* topic = new_topic("admin-other", 2, -1);
    for (int32_t partition = 0; partition < 2; ++partition) {
        REQUIRE(!rd_kafka_NewTopic_set_replica_assignment(
                    topic, partition, on, 1, reason, sizeof reason),
                "%s",
                reason);
    }
    return topic;
}

void delete_topic(rd_kafka_t* client, const char* name) {
    rd_kafka_queue_t* queue = rd_kafka_queue_new(client);
    rd_kafka_DeleteTopic_t* topic = rd_kafka_DeleteTopic_new(name);
    rd_kafka_DeleteTopics(client, &topic, 1, NULL, queue);
    rd_kafka_event_t* answer = answer_of(queue);
    const rd_kafka_resp_err_t error = rd_kafka_topic_result_error(first_topic_result(answer));
    REQUIRE(!error, "deletion of %s: %s", name, rd_kafka_err2str(error));
    rd_kafka_event_destroy(answer);
    rd_kafka_DeleteTopic_destroy(topic);
    rd_kafka_queue_destroy(queue);
}

static void add_partitions(rd_kafka_t* client, const char* name, size_t total) {
    char reason[256];
    rd_kafka_queue_t* queue = rd_kafka_queue_new(client);
    rd_kafka_NewPartitions_t* more = rd_kafka_NewPartitions_new(name, total, reason, sizeof reason);
    REQUIRE(more != NULL, "%s", reason);
    rd_kafka_CreatePartitions(client, &more, 1, NULL, queue);
    rd_kafka_event_t* answer = answer_of(queue);
    const rd_kafka_resp_err_t error = rd_kafka_topic_result_error(first_topic_result(answer));
    REQUIRE(!error, "more partitions: %s", rd_kafka_err2str(error));
    rd_kafka_event_destroy(answer);
    rd_kafka_NewPartitions_destroy(more);
    rd_kafka_queue_destroy(queue);
}

/// All topics: asked for by name, librdkafka would go on asking for one, and so create it again
/// once it is deleted.
static const struct rd_kafka_metadata* cluster(rd_kafka_t* client) {
    const struct rd_kafka_metadata* found = NULL;
    const rd_kafka_resp_err_t error = rd_kafka_metadata(client, 1, NULL, &found, PATIENCE_MS);
    REQUIRE(!error, "metadata: %s", rd_kafka_err2str(error));
    return found;
}

static const rd_kafka_metadata_topic_t* topic_in(const struct rd_kafka_metadata* all,
                                                 const char* name) {
    for (int index = 0; index < all->topic_cnt; ++index) {
        if (strcmp(all->topics[index].topic, name) == 0) return &all->topics[index];
    }
    return NULL;
}

static void describe_topics(rd_kafka_t* client) {
    const struct rd_kafka_metadata* all = cluster(client);
    const rd_kafka_metadata_topic_t* first = topic_in(all, "admin");
    const rd_kafka_metadata_topic_t* second = topic_in(all, "admin-other");
    REQUIRE(first != NULL && second != NULL, "a topic that was created is not listed");
    REQUIRE(first->partition_cnt == 5, "%d partitions after the increase", first->partition_cnt);
    REQUIRE(second->partition_cnt == 2, "%d partitions as assigned", second->partition_cnt);
    for (int index = 0; index < first->partition_cnt; ++index) {
        const rd_kafka_metadata_partition_t* each = &first->partitions[index];
        REQUIRE(!each->err && each->leader == 1, "leader of partition %d", each->id);
        REQUIRE(
            each->replica_cnt == 1 && each->replicas[0] == 1, "replicas of partition %d", each->id);
        REQUIRE(
            each->isr_cnt == 1 && each->isrs[0] == 1, "in-sync replicas of partition %d", each->id);
    }
    char found[64];
    snprintf(found, sizeof found, "%s:%d", all->brokers[0].host, all->brokers[0].port);
    REQUIRE(all->broker_cnt == 1 && strcmp(found, address) == 0, "the only broker is %s", found);
    REQUIRE(rd_kafka_controllerid(client, PATIENCE_MS) == all->brokers[0].id, "the controller");
    say("ok list-topics: the created ones are there");
    say("ok describe-topics: partitions, leaders, replicas and in-sync replicas of 2 topics");
    char* cluster_id = rd_kafka_clusterid(client, PATIENCE_MS);
    say("ok describe-cluster: cluster %s, its broker and controller", cluster_id);
    rd_kafka_mem_free(client, cluster_id);
    rd_kafka_metadata_destroy(all);
}

void try_topics(rd_kafka_t* client) {
    REQUIRE(!create(client, topic_with_config(), true), "validation of a new topic");
    const struct rd_kafka_metadata* before = cluster(client);
    REQUIRE(topic_in(before, "admin") == NULL, "a topic that was only validated exists");
    rd_kafka_metadata_destroy(before);
    REQUIRE(!create(client, topic_with_config(), false), "creation with a configuration");
    REQUIRE(!create(client, topic_with_assignment(), false), "creation with an assignment");
    const rd_kafka_resp_err_t again = create(client, topic_with_config(), false);
    REQUIRE(again == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS,
            "a second creation: %s",
            rd_kafka_err2str(again));
    say("ok create-topics: with configs, with an assignment, validated only, refused the second "
        "time");
    add_partitions(client, "admin", 5);
    say("ok create-partitions: from 3 to 5");
    describe_topics(client);
    try_configs(client);
    delete_topic(client, "admin");
    delete_topic(client, "admin-other");
    const struct rd_kafka_metadata* after = cluster(client);
    REQUIRE(topic_in(after, "admin") == NULL && topic_in(after, "admin-other") == NULL,
            "deleted topics are listed");
    rd_kafka_metadata_destroy(after);
    say("ok delete-topics: 2 topics, gone from the list");
}
