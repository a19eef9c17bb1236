/// Groups and their offsets, through the admin API.
#include "conversation.h"

#include <stdio.h>
#include <string.h>

static const char* const static_group = "librdkafka-static";

static void list_groups(rd_kafka_t* client) {
    rd_kafka_queue_t* queue = rd_kafka_queue_new(client);
    rd_kafka_ListConsumerGroups(client, NULL, queue);
    rd_kafka_event_t* answer = answer_of(queue);
    size_t count = 0;
    const rd_kafka_ConsumerGroupListing_t** found = rd_kafka_ListConsumerGroups_result_valid(
        rd_kafka_event_ListConsumerGroups_result(answer), &count);
    int known = 0;
    for (size_t index = 0; index < count; ++index) {
        const char* name = rd_kafka_ConsumerGroupListing_group_id(found[index]);
        const rd_kafka_consumer_group_state_t state =
            rd_kafka_ConsumerGroupListing_state(found[index]);
        if (strcmp(name, group_name) == 0) known += state == RD_KAFKA_CONSUMER_GROUP_STATE_EMPTY;
        if (strcmp(name, static_group) == 0) known += state == RD_KAFKA_CONSUMER_GROUP_STATE_STABLE;
    }
    REQUIRE(known == 2, "of two groups %d are listed in their state", known);
    say("ok list-groups: one empty, one stable");
    rd_kafka_event_destroy(answer);
    rd_kafka_queue_destroy(queue);
}

/// The static member is away and yet there: its session goes on.
static void require_static_member(const rd_kafka_ConsumerGroupDescription_t* group) {
    REQUIRE(!rd_kafka_ConsumerGroupDescription_error(group), "the error of describing");
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

static void describe_groups(rd_kafka_t* client) {
    const char* names[] = {group_name, static_group};
    rd_kafka_queue_t* queue = rd_kafka_queue_new(client);
    rd_kafka_DescribeConsumerGroups(client, names, 2, NULL, queue);
    rd_kafka_event_t* answer = answer_of(queue);
    size_t count = 0;
    const rd_kafka_ConsumerGroupDescription_t** found =
        rd_kafka_DescribeConsumerGroups_result_groups(
            rd_kafka_event_DescribeConsumerGroups_result(answer), &count);
    REQUIRE(count == 2, "%zu groups described", count);
    REQUIRE(
        rd_kafka_ConsumerGroupDescription_state(found[0]) == RD_KAFKA_CONSUMER_GROUP_STATE_EMPTY,
        "state");
    REQUIRE(rd_kafka_ConsumerGroupDescription_member_count(found[0]) == 0,
            "members of an empty group");
    require_static_member(found[1]);
    say("ok describe-groups: one empty, one with a static member and its assignment");
    say("ok static-members: away and back without losing its partitions, a member of the group "
        "meanwhile");
    rd_kafka_event_destroy(answer);
    rd_kafka_queue_destroy(queue);
}

/// The offset of partition 0 as the group has it now.
static int64_t committed_offset(rd_kafka_t* client) {
    rd_kafka_queue_t* queue = rd_kafka_queue_new(client);
    rd_kafka_topic_partition_list_t* asked = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(asked, group_topic, 0);
    rd_kafka_ListConsumerGroupOffsets_t* request =
        rd_kafka_ListConsumerGroupOffsets_new(group_name, asked);
    rd_kafka_ListConsumerGroupOffsets(client, &request, 1, NULL, queue);
    rd_kafka_event_t* answer = answer_of(queue);
    size_t count = 0;
    const rd_kafka_group_result_t** found = rd_kafka_ListConsumerGroupOffsets_result_groups(
        rd_kafka_event_ListConsumerGroupOffsets_result(answer), &count);
    REQUIRE(count == 1 && !rd_kafka_group_result_error(found[0]), "the offsets of the group");
    const int64_t offset = rd_kafka_group_result_partitions(found[0])->elems[0].offset;
    rd_kafka_event_destroy(answer);
    rd_kafka_ListConsumerGroupOffsets_destroy(request);
    rd_kafka_topic_partition_list_destroy(asked);
    rd_kafka_queue_destroy(queue);
    return offset;
}

static void alter_offset(rd_kafka_t* client, int64_t offset) {
    rd_kafka_queue_t* queue = rd_kafka_queue_new(client);
    rd_kafka_topic_partition_list_t* wanted = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(wanted, group_topic, 0)->offset = offset;
    rd_kafka_AlterConsumerGroupOffsets_t* request =
        rd_kafka_AlterConsumerGroupOffsets_new(group_name, wanted);
    rd_kafka_AlterConsumerGroupOffsets(client, &request, 1, NULL, queue);
    rd_kafka_event_t* answer = answer_of(queue);
    size_t count = 0;
    const rd_kafka_group_result_t** found = rd_kafka_AlterConsumerGroupOffsets_result_groups(
        rd_kafka_event_AlterConsumerGroupOffsets_result(answer), &count);
    REQUIRE(count == 1 && !rd_kafka_group_result_error(found[0]), "the alteration");
    REQUIRE(!rd_kafka_group_result_partitions(found[0])->elems[0].err,
            "the alteration of the partition");
    rd_kafka_event_destroy(answer);
    rd_kafka_AlterConsumerGroupOffsets_destroy(request);
    rd_kafka_topic_partition_list_destroy(wanted);
    rd_kafka_queue_destroy(queue);
}

static void delete_offset(rd_kafka_t* client) {
    rd_kafka_queue_t* queue = rd_kafka_queue_new(client);
    rd_kafka_topic_partition_list_t* which = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(which, group_topic, 0);
    rd_kafka_DeleteConsumerGroupOffsets_t* request =
        rd_kafka_DeleteConsumerGroupOffsets_new(group_name, which);
    rd_kafka_DeleteConsumerGroupOffsets(client, &request, 1, NULL, queue);
    rd_kafka_event_t* answer = answer_of(queue);
    size_t count = 0;
    const rd_kafka_group_result_t** found = rd_kafka_DeleteConsumerGroupOffsets_result_groups(
        rd_kafka_event_DeleteConsumerGroupOffsets_result(answer), &count);
    REQUIRE(count == 1 && !rd_kafka_group_result_error(found[0]), "the deletion of an offset");
    rd_kafka_event_destroy(answer);
    rd_kafka_DeleteConsumerGroupOffsets_destroy(request);
    rd_kafka_topic_partition_list_destroy(which);
    rd_kafka_queue_destroy(queue);
}

static rd_kafka_resp_err_t delete_group(rd_kafka_t* client, const char* name) {
    rd_kafka_queue_t* queue = rd_kafka_queue_new(client);
    rd_kafka_DeleteGroup_t* request = rd_kafka_DeleteGroup_new(name);
    rd_kafka_DeleteGroups(client, &request, 1, NULL, queue);
    rd_kafka_event_t* answer = answer_of(queue);
    size_t count = 0;
    const rd_kafka_group_result_t** found =
        rd_kafka_DeleteGroups_result_groups(rd_kafka_event_DeleteGroups_result(answer), &count);
    REQUIRE(count == 1, "%zu groups instead of one", count);
    const rd_kafka_error_t* error = rd_kafka_group_result_error(found[0]);
    const rd_kafka_resp_err_t code =
        error == NULL ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_error_code(error);
    rd_kafka_event_destroy(answer);
    rd_kafka_DeleteGroup_destroy(request);
    rd_kafka_queue_destroy(queue);
    return code;
}

void try_group_administration(rd_kafka_t* client) {
    list_groups(client);
    describe_groups(client);
    alter_offset(client, 1);
    REQUIRE(committed_offset(client) == 1, "the offset as altered");
    say("ok list-group-offsets: of one partition");
    say("ok alter-group-offsets: set to 1");
    delete_offset(client);
    REQUIRE(committed_offset(client) == RD_KAFKA_OFFSET_INVALID, "an offset that was deleted");
    say("ok delete-group-offsets: gone");
    const rd_kafka_resp_err_t refusal = delete_group(client, static_group);
    REQUIRE(refusal == RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP,
            "deletion of a living group: %s",
            rd_kafka_err2str(refusal));
    REQUIRE(!delete_group(client, group_name), "deletion of an empty group");
    const rd_kafka_resp_err_t again = delete_group(client, group_name);
    REQUIRE(again == RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND,
            "a second deletion: %s",
            rd_kafka_err2str(again));
    say("ok delete-groups: an empty one; one with a member and one that is gone are refused");
}
