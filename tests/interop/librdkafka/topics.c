/// Topics, through the admin API.
#include "conversation.h"

#include <stdio.h>
#include <string.h>

enum { NODES_MAX = 8 };

/// The error of the one topic in an answer about topics.
static rd_kafka_resp_err_t read_topic(rd_kafka_event_t* answer, void* found) {
    (void)found;
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
    return rd_kafka_topic_result_error(results[0]);
}

struct creation {
    rd_kafka_NewTopic_t* topic;
    bool only_validate;
};

static void ask_to_create(rd_kafka_t* client, rd_kafka_queue_t* queue, const void* what) {
    struct creation wanted = *(const struct creation*)what;
    rd_kafka_AdminOptions_t* options =
        rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    char reason[256];
    REQUIRE(!rd_kafka_AdminOptions_set_validate_only(
                options, wanted.only_validate, reason, sizeof reason),
            "%s",
            reason);
    rd_kafka_CreateTopics(client, &wanted.topic, 1, options, queue);
    rd_kafka_AdminOptions_destroy(options);
}

/// Takes `topic`. The outcome of creating it; `done` is one that means that it is there.
static rd_kafka_resp_err_t create(rd_kafka_t* client,
                                  struct creation wanted,
                                  rd_kafka_resp_err_t done) {
    const rd_kafka_resp_err_t error =
        administer(client,
                   (struct administration){
                       .ask = ask_to_create, .what = &wanted, .read = read_topic, .done = done});
    rd_kafka_NewTopic_destroy(wanted.topic);
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
    const struct creation wanted = {.topic = new_topic(topic, partitions, nodes)};
    const rd_kafka_resp_err_t error =
        create(client, wanted, RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS);
    REQUIRE(!error, "creation of %s: %s", topic, rd_kafka_err2str(error));
}

static rd_kafka_NewTopic_t* topic_with_config(void) {
    rd_kafka_NewTopic_t* topic = new_topic("admin", 3, nodes);
    REQUIRE(!rd_kafka_NewTopic_set_config(topic, "retention.ms", "123456"),
            "a topic's configuration");
    return topic;
}

static rd_kafka_NewTopic_t* topic_with_assignment(void) {
    char reason[256];
    int32_t on[NODES_MAX];
    for (int node = 0; node < nodes; ++node) on[node] = node + 1;
    rd_kafka_NewTopic_t* topic = new_topic("admin-other", 2, -1);
    for (int32_t partition = 0; partition < 2; ++partition) {
        REQUIRE(!rd_kafka_NewTopic_set_replica_assignment(
                    topic, partition, on, (size_t)nodes, reason, sizeof reason),
                "%s",
                reason);
    }
    return topic;
}

static void ask_to_delete(rd_kafka_t* client, rd_kafka_queue_t* queue, const void* what) {
    rd_kafka_DeleteTopic_t* topic = rd_kafka_DeleteTopic_new(what);
    rd_kafka_DeleteTopics(client, &topic, 1, NULL, queue);
    rd_kafka_DeleteTopic_destroy(topic);
}

static void delete_topic(rd_kafka_t* client, const char* name) {
    const rd_kafka_resp_err_t error =
        administer(client,
                   (struct administration){.ask = ask_to_delete,
                                           .what = name,
                                           .read = read_topic,
                                           .done = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART});
    REQUIRE(!error, "deletion of %s: %s", name, rd_kafka_err2str(error));
}

struct increase {
    const char* topic;
    size_t total;
};

static void ask_to_increase(rd_kafka_t* client, rd_kafka_queue_t* queue, const void* what) {
    const struct increase* wanted = what;
    char reason[256];
    rd_kafka_NewPartitions_t* more =
        rd_kafka_NewPartitions_new(wanted->topic, wanted->total, reason, sizeof reason);
    REQUIRE(more != NULL, "%s", reason);
    rd_kafka_CreatePartitions(client, &more, 1, NULL, queue);
    rd_kafka_NewPartitions_destroy(more);
}

static void add_partitions(rd_kafka_t* client, struct increase wanted) {
    const rd_kafka_resp_err_t error =
        administer(client,
                   (struct administration){.ask = ask_to_increase,
                                           .what = &wanted,
                                           .read = read_topic,
                                           .done = RD_KAFKA_RESP_ERR_INVALID_PARTITIONS});
    REQUIRE(!error, "more partitions: %s", rd_kafka_err2str(error));
}

/// All topics: asked for by name, librdkafka would go on asking for one, and so create it again
/// once it is deleted.
static const struct rd_kafka_metadata* cluster(rd_kafka_t* client) {
    const struct rd_kafka_metadata* found = NULL;
    const int64_t since = now_ms();
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
    do {
        error = rd_kafka_metadata(client, 1, NULL, &found, PATIENCE_MS);
    } while (error && is_worth_repeating(error, since));
    REQUIRE(!error, "metadata: %s", rd_kafka_err2str(error));
    return found;
}

/// How many partitions of this topic are listed; none if it is not. `whole` counts those that are
/// on all nodes: at one broker led by it, at three by one that is in sync.
static int partitions_of(rd_kafka_t* client, const char* name, int* whole) {
    const struct rd_kafka_metadata* all = cluster(client);
    int count = 0;
    *whole = 0;
    for (int index = 0; index < all->topic_cnt; ++index) {
        const rd_kafka_metadata_topic_t* topic = &all->topics[index];
        if (strcmp(topic->topic, name) != 0) continue;
        count = topic->partition_cnt;
        for (int at = 0; at < count; ++at) {
            const rd_kafka_metadata_partition_t* each = &topic->partitions[at];
            bool leads = false;
            for (int isr = 0; isr < each->isr_cnt; ++isr) leads |= each->isrs[isr] == each->leader;
            *whole += leads && each->replica_cnt == nodes;
        }
    }
    rd_kafka_metadata_destroy(all);
    return count;
}

/// Waits for it where there are three brokers: each follows the controller in its own time.
static void require_topic(rd_kafka_t* client, const char* name, int wanted) {
    const int64_t deadline = now_ms() + (leaders_die ? PATIENCE_MS : 0);
    int whole = 0;
    int count = partitions_of(client, name, &whole);
    while ((count != wanted || whole != wanted) && now_ms() < deadline) {
        keep_pace();
        count = partitions_of(client, name, &whole);
    }
    REQUIRE(count == wanted && whole == wanted,
            "%s: %d partitions, %d of them with leader and replicas as they should be",
            name,
            count,
            whole);
}

static void require_brokers(rd_kafka_t* client) {
    const int64_t deadline = now_ms() + (leaders_die ? PATIENCE_MS : 0);
    for (bool is_whole = false; !is_whole;) {
        const struct rd_kafka_metadata* all = cluster(client);
        is_whole = all->broker_cnt == nodes;
        for (int index = 0; index < all->broker_cnt; ++index) {
            char found[64];
            snprintf(
                found, sizeof found, "%s:%d", all->brokers[index].host, all->brokers[index].port);
            REQUIRE(strstr(address, found) != NULL, "%s is none of %s", found, address);
        }
        rd_kafka_metadata_destroy(all);
        REQUIRE(is_whole || now_ms() < deadline, "the brokers are not %d", nodes);
        if (!is_whole) keep_pace();
    }
    int32_t controller = rd_kafka_controllerid(client, PATIENCE_MS);
    while (controller < 0 && now_ms() < deadline) {
        (void)partitions_of(client, "admin", &(int){0});  // Asks for metadata, in which it is told.
        keep_pace();
        controller = rd_kafka_controllerid(client, PATIENCE_MS);
    }
    REQUIRE(controller >= 1 && controller <= nodes, "the controller is %d", controller);
    char* cluster_id = rd_kafka_clusterid(client, PATIENCE_MS);
    say("ok describe-cluster: cluster %s, its brokers and controller", cluster_id);
    rd_kafka_mem_free(client, cluster_id);
}

static void try_creation(rd_kafka_t* client) {
    const rd_kafka_resp_err_t none = RD_KAFKA_RESP_ERR_NO_ERROR;
    const rd_kafka_resp_err_t is_there = RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS;
    const struct creation validated = {.topic = topic_with_config(), .only_validate = true};
    REQUIRE(!create(client, validated, none), "validation of a new topic");
    require_topic(client, "admin", 0);
    REQUIRE(!create(client, (struct creation){.topic = topic_with_config()}, is_there),
            "creation with a configuration");
    REQUIRE(!create(client, (struct creation){.topic = topic_with_assignment()}, is_there),
            "creation with an assignment");
    const rd_kafka_resp_err_t again =
        create(client, (struct creation){.topic = topic_with_config()}, none);
    REQUIRE(again == is_there, "a second creation: %s", rd_kafka_err2str(again));
    say("ok create-topics: with configs, with an assignment, validated only, refused the second "
        "time");
}

void try_topics(rd_kafka_t* client) {
    lose_leader_of("__cluster_metadata");
    try_creation(client);
    add_partitions(client, (struct increase){.topic = "admin", .total = 5});
    say("ok create-partitions: from 3 to 5");
    lose_leader_of("admin");
    require_topic(client, "admin", 5);
    require_topic(client, "admin-other", 2);
    say("ok list-topics: the created ones are there");
    say("ok describe-topics: partitions, leaders, replicas and in-sync replicas of 2 topics");
    require_brokers(client);
    try_configs(client);
    lose_leader_of("__cluster_metadata");
    delete_topic(client, "admin");
    delete_topic(client, "admin-other");
    require_topic(client, "admin", 0);
    require_topic(client, "admin-other", 0);
    say("ok delete-topics: 2 topics, gone from the list");
}
