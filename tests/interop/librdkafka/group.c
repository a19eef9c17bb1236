/// A group of three members: they share six partitions, one leaves, the other two take over, and
/// nobody is given a record twice or never. Then the same cooperatively, a static member, and
/// committed offsets across restarts.
#include "conversation.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMBERS = 3, ROUND = 60, POLL_MS = 5 };

const char* const group_name = "librdkafka-group";
const char* const group_topic = "group-topic";

struct member {
    rd_kafka_t* consumer;
    int received;
};

static rd_kafka_t* join(const char* group, const char* topic, rd_kafka_conf_t* settings) {
    settings_with(settings, "group.id", group);
    settings_with(settings, "auto.offset.reset", "earliest");
    settings_with(settings, "enable.auto.commit", "false");
    settings_with(settings, "heartbeat.interval.ms", "100");
    settings_with(settings, "topic.metadata.refresh.interval.ms", "1000");
    rd_kafka_t* consumer = new_client(RD_KAFKA_CONSUMER, settings);
    rd_kafka_topic_partition_list_t* topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, topic, RD_KAFKA_PARTITION_UA);
    REQUIRE(!rd_kafka_subscribe(consumer, topics), "subscribe");
    rd_kafka_topic_partition_list_destroy(topics);
    return consumer;
}

static void close_consumer(rd_kafka_t* consumer) {
    REQUIRE(!rd_kafka_consumer_close(consumer), "close");
    rd_kafka_destroy(consumer);
}

static int owned_by(rd_kafka_t* consumer, unsigned* owned);

/// Gives its partitions up before it closes: a cooperative member of librdkafka 2.0.2 that only
/// closes does not tell the group that it leaves.
static void leave(rd_kafka_t* consumer) {
    unsigned owned = 0;
    REQUIRE(!rd_kafka_unsubscribe(consumer), "unsubscribe");
    const int64_t deadline = now_ms() + PATIENCE_MS;
    while (owned_by(consumer, &owned) > 0) {
        REQUIRE(now_ms() < deadline, "a member that leaves keeps its partitions");
        rd_kafka_message_t* record = rd_kafka_consumer_poll(consumer, POLL_MS);
        REQUIRE(record == NULL || may_pass(record->err), "a record after unsubscribing");
        if (record != NULL) rd_kafka_message_destroy(record);
    }
    close_consumer(consumer);
}

/// Adds the partitions that a member owns to `owned`, a set of bits; how many it owns.
static int owned_by(rd_kafka_t* consumer, unsigned* owned) {
    rd_kafka_topic_partition_list_t* found = NULL;
    REQUIRE(!rd_kafka_assignment(consumer, &found), "assignment");
    const int count = found->cnt;
    for (int index = 0; index < count; ++index) *owned |= 1U << found->elems[index].partition;
    rd_kafka_topic_partition_list_destroy(found);
    return count;
}

static bool each_owns(const struct member* members, int count, int share) {
    unsigned owned = 0;
    bool even = true;
    for (int index = 0; index < count; ++index)
        even = owned_by(members[index].consumer, &owned) == share && even;
    return even && owned == (1U << GROUP_PARTITIONS) - 1;
}

/// A round of records, and how often each was received.
struct round {
    const char* topic;
    char prefix[32];
    bool is_cooperative;
    bool once;  ///< Each record once. Otherwise at least once: a partition that a cooperative
                ///< member of librdkafka 2.0.2 keeps may start again where the member once began
                ///< with it, whatever it committed since. Where leaders die it is at least once in
                ///< any case.
    int seen[ROUND];
};

static void note_record(struct round* round, const rd_kafka_message_t* record) {
    int number = -1;
    char value[64] = {0};
    memcpy(value, record->payload, record->len < sizeof value ? record->len : sizeof value - 1);
    const size_t length = strlen(round->prefix);
    const bool of_this_round = strncmp(value, round->prefix, length) == 0 && value[length] == '-';
    REQUIRE(of_this_round || !round->once, "%s where %s was sent", value, round->prefix);
    if (!of_this_round) return;
    REQUIRE(
        sscanf(value + length, "-%d", &number) == 1 && number >= 0 && number < ROUND, "%s", value);
    ++round->seen[number];
    REQUIRE(round->seen[number] == 1 || !round->once, "%s was received twice", value);
}

/// Whether it is committed. It is not, where leaders die, if a rebalance was faster than a commit
/// that had to be repeated: then the next owner gets the record again.
static bool commit(rd_kafka_t* consumer, const rd_kafka_message_t* record) {
    const int64_t since = now_ms();
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
    do {
        error = rd_kafka_commit_message(consumer, record, 0);
    } while (error && is_worth_repeating(error, since));
    const bool is_overtaken = error == RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION ||
                              error == RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS ||
                              error == RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID;
    REQUIRE(!error || (leaders_die && is_overtaken), "commit: %s", rd_kafka_err2str(error));
    return !error;
}

/// Lets each member take and commit a record.
static void poll_all(struct member* members, int count, struct round* round) {
    for (int index = 0; index < count; ++index) {
        rd_kafka_message_t* record = rd_kafka_consumer_poll(members[index].consumer, POLL_MS);
        if (record == NULL) continue;
        if (!may_pass(record->err)) {
            REQUIRE(!record->err, "instead of a record: %s", rd_kafka_message_errstr(record));
            // A cooperative member that keeps its partition does not get it again.
            if (commit(members[index].consumer, record) || round->is_cooperative)
                note_record(round, record);
            ++members[index].received;
        }
        rd_kafka_message_destroy(record);
    }
}

static void produce_to_all(const char* topic, const char* prefix) {
    const int share = ROUND / GROUP_PARTITIONS;
    for (int32_t partition = 0; partition < GROUP_PARTITIONS; ++partition) {
        produce_numbers(topic, partition, prefix, partition * share, share, now_ms());
    }
}

static bool all_seen(const struct round* round) {
    for (int number = 0; number < ROUND; ++number) {
        if (round->seen[number] == 0) return false;
    }
    return true;
}

/// Waits until each member owns `share` partitions, sends a round, and waits until each record was
/// received.
static void run_round(struct member* members, int count, int share, struct round round) {
    const int64_t deadline = now_ms() + PATIENCE_MS;
    while (!each_owns(members, count, share)) {
        REQUIRE(now_ms() < deadline, "%d members do not own %d partitions each", count, share);
        poll_all(members, count, &round);
    }
    produce_to_all(round.topic, round.prefix);
    while (!all_seen(&round)) {
        REQUIRE(now_ms() < deadline, "the records of %s are not all received", round.prefix);
        poll_all(members, count, &round);
    }
}

static void run_group(const char* group, const char* topic, const char* strategy, bool once) {
    struct member members[MEMBERS] = {0};
    for (int index = 0; index < MEMBERS; ++index) {
        char name[32];
        snprintf(name, sizeof name, "member-%d", index);
        rd_kafka_conf_t* settings =
            settings_of("partition.assignment.strategy", strategy, "client.id", name, NULL);
        // Who leaves while the coordinator is dead is missed only then.
        if (leaders_die) settings_with(settings, "session.timeout.ms", "6000");
        members[index].consumer = join(group, topic, settings);
    }
    const bool is_cooperative = !once;
    once = once && !leaders_die;
    struct round first = {.topic = topic, .once = once, .is_cooperative = is_cooperative};
    snprintf(first.prefix, sizeof first.prefix, "three-%s", strategy);
    run_round(members, 3, 2, first);
    for (int index = 0; index < MEMBERS; ++index)
        REQUIRE(members[index].received > 0, "a member received nothing");
    leave(members[2].consumer);
    struct round second = {.topic = topic, .once = once, .is_cooperative = is_cooperative};
    snprintf(second.prefix, sizeof second.prefix, "two-%s", strategy);
    run_round(members, 2, 3, second);
    leave(members[0].consumer);
    leave(members[1].consumer);
}

/// The offsets that the group has committed, which must all be `due` but for partition 3, which may
/// be ahead.
static void require_committed(int64_t due, int64_t due_of_third) {
    rd_kafka_t* consumer = new_client(RD_KAFKA_CONSUMER, settings_of("group.id", group_name, NULL));
    rd_kafka_topic_partition_list_t* asked = rd_kafka_topic_partition_list_new(GROUP_PARTITIONS);
    for (int32_t each = 0; each < GROUP_PARTITIONS; ++each)
        rd_kafka_topic_partition_list_add(asked, group_topic, each);
    const int64_t since = now_ms();
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
    do {
        error = rd_kafka_committed(consumer, asked, PATIENCE_MS);
    } while (error && is_worth_repeating(error, since));
    REQUIRE(!error, "committed: %s", rd_kafka_err2str(error));
    for (int each = 0; each < GROUP_PARTITIONS; ++each) {
        const int64_t found = asked->elems[each].offset;
        const int64_t wanted = each == 3 ? due_of_third : due;
        REQUIRE(found == wanted,
                "partition %d: committed %" PRId64 " instead of %" PRId64,
                each,
                found,
                wanted);
    }
    rd_kafka_topic_partition_list_destroy(asked);
    rd_kafka_destroy(consumer);
}

/// A new member of the group gets one new record and none of the old.
static void continue_from_commit(int number) {
    produce_numbers(group_topic, 3, "after", number, 1, now_ms());
    rd_kafka_t* consumer = join(group_name, group_topic, settings_of(NULL));
    rd_kafka_message_t* record = next_record(consumer);
    char wanted[32];
    const int length = snprintf(wanted, sizeof wanted, "after-%d", number);
    REQUIRE(record->len == (size_t)length && memcmp(record->payload, wanted, record->len) == 0,
            "%.*s instead of %s",
            (int)record->len,
            (const char*)record->payload,
            wanted);
    REQUIRE(commit(consumer, record), "a member on its own was overtaken by a rebalance");
    rd_kafka_message_destroy(record);
    leave(consumer);
}

static void try_restarts(int64_t due) {
    require_committed(due, due);
    ask("restart broker");
    require_committed(due, due);
    continue_from_commit(1);
    require_committed(due, due + 1);
    ask("kill broker");
    require_committed(due, due + 1);
    continue_from_commit(2);
    say("ok restart: after each the offsets were there, and a new member began at the first "
        "uncommitted record");
}

/// Leaving and coming back within the session keeps the partitions.
static void try_static_member(void) {
    for (int times = 0; times < 2; ++times) {
        rd_kafka_t* consumer = join(
            "librdkafka-static", group_topic, settings_of("group.instance.id", "static-1", NULL));
        unsigned owned = 0;
        const int64_t deadline = now_ms() + PATIENCE_MS;
        while (owned_by(consumer, &owned) != GROUP_PARTITIONS) {
            REQUIRE(now_ms() < deadline, "the static member does not own all partitions");
            rd_kafka_message_t* record = rd_kafka_consumer_poll(consumer, POLL_MS);
            if (record != NULL) rd_kafka_message_destroy(record);
        }
        // Not unsubscribing: that would make a static member leave as well.
        close_consumer(consumer);
    }
}

static void make_topic(rd_kafka_t* client, const char* topic) {
    if (!leaders_die) create_topic(client, topic, GROUP_PARTITIONS);
    use_topic(topic, GROUP_PARTITIONS);
}

void try_group(rd_kafka_t* client) {
    make_topic(client, group_topic);
    run_group(group_name, group_topic, "range", true);
    say("ok group: 3 members with 2 of 6 partitions each, then 2 with 3; 120 records, each "
        "received once");
    try_restarts(20);
    try_static_member();
    make_topic(client, "cooperative-topic");
    run_group("librdkafka-cooperative", "cooperative-topic", "cooperative-sticky", false);
    say("ok cooperative: the same with cooperative-sticky; each record received at least once");
}
