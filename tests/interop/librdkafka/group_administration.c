/// Groups and their offsets, through the admin API.
#include "conversation.h"

#include <stdio.h>
#include <string.h>

static const char* const static_group = "librdkafka-static";

static void ask_for_groups(rd_kafka_t* client, rd_kafka_queue_t* queue, const void* what) {
    (void)what;
    rd_kafka_ListConsumerGroups(client, NULL, queue);
}

/// Counts those of the two groups that are in their state.
static rd_kafka_resp_err_t read_groups(rd_kafka_event_t* answer, void* found) {
    const rd_kafka_ListConsumerGroups_result_t* result =
        rd_kafka_event_ListConsumerGroups_result(answer);
    size_t count = 0;
    const rd_kafka_error_t** errors = rd_kafka_ListConsumerGroups_result_errors(result, &count);
    if (count > 0) return rd_kafka_error_code(errors[0]);
    const rd_kafka_ConsumerGroupListing_t** groups =
        rd_kafka_ListConsumerGroups_result_valid(result, &count);
    int* known = found;
    *known = 0;
    for (size_t index = 0; index < count; ++index) {
        const char* name = rd_kafka_ConsumerGroupListing_group_id(groups[index]);
        const rd_kafka_consumer_group_state_t state =
            rd_kafka_ConsumerGroupListing_state(groups[index]);
        if (strcmp(name, group_name) == 0) *known += state == RD_KAFKA_CONSUMER_GROUP_STATE_EMPTY;
        if (strcmp(name, static_group) == 0)
            *known += state == RD_KAFKA_CONSUMER_GROUP_STATE_STABLE;
    }
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static void list_groups(rd_kafka_t* client) {
    const int64_t deadline = now_ms() + (leaders_die ? PATIENCE_MS : 0);
    int known = 0;
    do {
        const rd_kafka_resp_err_t error = administer(
            client,
            (struct administration){.ask = ask_for_groups, .read = read_groups, .found = &known});
        REQUIRE(!error, "the list of groups: %s", rd_kafka_err2str(error));
        keep_pace();
    } while (known != 2 && now_ms() < deadline);
    REQUIRE(known == 2, "of two groups %d are listed in their state", known);
    say("ok list-groups: one empty, one stable");
}

/// The static member is away and yet there: its session goes on.
static void require_static_member(const rd_kafka_ConsumerGroupDescription_t* group) {
    REQUIRE(rd_kafka_ConsumerGroupDescription_state(group) == RD_KAFKA_CONSUMER_GROUP_STATE_STABLE,
            "state");
    REQUIRE(rd_kafka_ConsumerGroupDescription_member_count(group) == 1, "number of members");
    const rd_kafka_MemberDescription_t* member = rd_kafka_ConsumerGroupDescription_member(group, 0);
    REQUIRE(strcmp(rd_kafka_MemberDescription_group_instance_id(member), "static-1") == 0,
            "instance id");
    const rd_kafka_topic_partition_list_t* owned =
        rd_kafka_MemberAssignment_partitions(rd_kafka_MemberDescription_assignment(member));
    REQUIRE(owned->cnt == GROUP_PARTITIONS, "%d partitions assigned", owned->cnt);
}

static void ask_to_describe(rd_kafka_t* client, rd_kafka_queue_t* queue, const void* what) {
    (void)what;
    const char* names[] = {group_name, static_group};
    rd_kafka_DescribeConsumerGroups(client, names, 2, NULL, queue);
}

static rd_kafka_resp_err_t read_descriptions(rd_kafka_event_t* answer, void* found) {
    (void)found;
    size_t count = 0;
    const rd_kafka_ConsumerGroupDescription_t** groups =
        rd_kafka_DescribeConsumerGroups_result_groups(
            rd_kafka_event_DescribeConsumerGroups_result(answer), &count);
    REQUIRE(count == 2, "%zu groups described", count);
    for (size_t index = 0; index < count; ++index) {
        const rd_kafka_error_t* error = rd_kafka_ConsumerGroupDescription_error(groups[index]);
        if (error != NULL) return rd_kafka_error_code(error);
    }
    REQUIRE(
        rd_kafka_ConsumerGroupDescription_state(groups[0]) == RD_KAFKA_CONSUMER_GROUP_STATE_EMPTY,
        "state");
    REQUIRE(rd_kafka_ConsumerGroupDescription_member_count(groups[0]) == 0,
            "members of an empty group");
    require_static_member(groups[1]);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static void describe_groups(rd_kafka_t* client) {
    const rd_kafka_resp_err_t error = administer(
        client, (struct administration){.ask = ask_to_describe, .read = read_descriptions});
    REQUIRE(!error, "the description of groups: %s", rd_kafka_err2str(error));
    say("ok describe-groups: one empty, one with a static member and its assignment");
    say("ok static-members: away and back without losing its partitions, a member of the group "
        "meanwhile");
}

/// Reads the answer about offsets of one group: those of the first partition.
static rd_kafka_resp_err_t read_group(const rd_kafka_group_result_t** groups,
                                      size_t count,
                                      int64_t* offset) {
    REQUIRE(count == 1, "%zu groups instead of one", count);
    const rd_kafka_error_t* error = rd_kafka_group_result_error(groups[0]);
    if (error != NULL) return rd_kafka_error_code(error);
    if (offset == NULL) return RD_KAFKA_RESP_ERR_NO_ERROR;
    const rd_kafka_topic_partition_t* where =
        &rd_kafka_group_result_partitions(groups[0])->elems[0];
    *offset = where->offset;
    return where->err;
}

static rd_kafka_resp_err_t read_offset(rd_kafka_event_t* answer, void* found) {
    size_t count = 0;
    const rd_kafka_group_result_t** groups = rd_kafka_ListConsumerGroupOffsets_result_groups(
        rd_kafka_event_ListConsumerGroupOffsets_result(answer), &count);
    return read_group(groups, count, found);
}

static rd_kafka_resp_err_t read_altered(rd_kafka_event_t* answer, void* found) {
    size_t count = 0;
    const rd_kafka_group_result_t** groups = rd_kafka_AlterConsumerGroupOffsets_result_groups(
        rd_kafka_event_AlterConsumerGroupOffsets_result(answer), &count);
    return read_group(groups, count, found);
}

static rd_kafka_resp_err_t read_dropped(rd_kafka_event_t* answer, void* found) {
    size_t count = 0;
    const rd_kafka_group_result_t** groups = rd_kafka_DeleteConsumerGroupOffsets_result_groups(
        rd_kafka_event_DeleteConsumerGroupOffsets_result(answer), &count);
    return read_group(groups, count, found);
}

static rd_kafka_resp_err_t read_deleted(rd_kafka_event_t* answer, void* found) {
    size_t count = 0;
    const rd_kafka_group_result_t** groups =
        rd_kafka_DeleteGroups_result_groups(rd_kafka_event_DeleteGroups_result(answer), &count);
    return read_group(groups, count, found);
}

static void ask_for_offset(rd_kafka_t* client, rd_kafka_queue_t* queue, const void* partitions) {
    rd_kafka_ListConsumerGroupOffsets_t* request =
        rd_kafka_ListConsumerGroupOffsets_new(group_name, partitions);
    rd_kafka_ListConsumerGroupOffsets(client, &request, 1, NULL, queue);
    rd_kafka_ListConsumerGroupOffsets_destroy(request);
}

static void ask_to_alter(rd_kafka_t* client, rd_kafka_queue_t* queue, const void* partitions) {
    rd_kafka_AlterConsumerGroupOffsets_t* request =
        rd_kafka_AlterConsumerGroupOffsets_new(group_name, partitions);
    rd_kafka_AlterConsumerGroupOffsets(client, &request, 1, NULL, queue);
    rd_kafka_AlterConsumerGroupOffsets_destroy(request);
}

static void ask_to_drop(rd_kafka_t* client, rd_kafka_queue_t* queue, const void* partitions) {
    rd_kafka_DeleteConsumerGroupOffsets_t* request =
        rd_kafka_DeleteConsumerGroupOffsets_new(group_name, partitions);
    rd_kafka_DeleteConsumerGroupOffsets(client, &request, 1, NULL, queue);
    rd_kafka_DeleteConsumerGroupOffsets_destroy(request);
}

static void ask_to_delete(rd_kafka_t* client, rd_kafka_queue_t* queue, const void* name) {
    rd_kafka_DeleteGroup_t* request = rd_kafka_DeleteGroup_new(name);
    rd_kafka_DeleteGroups(client, &request, 1, NULL, queue);
    rd_kafka_DeleteGroup_destroy(request);
}

/// Does something about the offset of partition 0, which is then, or is to be, `offset`.
static int64_t with_offset(rd_kafka_t* client, struct administration call, int64_t offset) {
    rd_kafka_topic_partition_list_t* partitions = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(partitions, group_topic, 0)->offset = offset;
    call.what = partitions;
    call.found = &offset;
    const rd_kafka_resp_err_t error = administer(client, call);
    REQUIRE(!error, "the offsets of the group: %s", rd_kafka_err2str(error));
    rd_kafka_topic_partition_list_destroy(partitions);
    return offset;
}

static int64_t committed_offset(rd_kafka_t* client) {
    const struct administration call = {.ask = ask_for_offset, .read = read_offset};
    return with_offset(client, call, RD_KAFKA_OFFSET_INVALID);
}

static rd_kafka_resp_err_t delete_group(rd_kafka_t* client,
                                        const char* name,
                                        rd_kafka_resp_err_t done) {
    return administer(client,
                      (struct administration){
                          .ask = ask_to_delete, .what = name, .read = read_deleted, .done = done});
}

static void try_deletion(rd_kafka_t* client) {
    const rd_kafka_resp_err_t none = RD_KAFKA_RESP_ERR_NO_ERROR;
    const rd_kafka_resp_err_t is_gone = RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND;
    const rd_kafka_resp_err_t refusal = delete_group(client, static_group, none);
    REQUIRE(refusal == RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP,
            "deletion of a living group: %s",
            rd_kafka_err2str(refusal));
    REQUIRE(!delete_group(client, group_name, is_gone), "deletion of an empty group");
    const rd_kafka_resp_err_t again = delete_group(client, group_name, none);
    REQUIRE(again == is_gone, "a second deletion: %s", rd_kafka_err2str(again));
    say("ok delete-groups: an empty one; one with a member and one that is gone are refused");
}

void try_group_administration(rd_kafka_t* client) {
    lose_leader_of("__consumer_offsets");
    list_groups(client);
    describe_groups(client);
    with_offset(client, (struct administration){.ask = ask_to_alter, .read = read_altered}, 1);
    REQUIRE(committed_offset(client) == 1, "the offset as altered");
    say("ok list-group-offsets: of one partition");
    say("ok alter-group-offsets: set to 1");
    with_offset(client, (struct administration){.ask = ask_to_drop, .read = read_dropped}, 1);
    REQUIRE(committed_offset(client) == RD_KAFKA_OFFSET_INVALID, "an offset that was deleted");
    say("ok delete-group-offsets: gone");
    try_deletion(client);
}
