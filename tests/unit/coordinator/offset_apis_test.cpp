// OffsetCommit, OffsetFetch and OffsetDelete, and what becomes of offsets in the long run.
#include "tests/unit/coordinator/coordinator_fixture.h"
#include "tests/unit/coordinator/group_script.h"

namespace verdikt::broker::coordinator {
namespace {

using offset_apis = coordinator_fixture;

messages::offset_delete_request forget(std::vector<std::int32_t> partitions) {
    messages::offset_delete_request request{.group_id = "group"};
    auto& topic = request.topics.emplace_back();
    topic.name = "topic";
    for (const std::int32_t index : partitions) topic.partitions.push_back({index});
    return request;
}

TEST_F(offset_apis, a_commit_is_answered_and_seen_only_after_it_is_durable) {
    run([&]() -> awaitable<void> {
        EXPECT_EQ(co_await commit(0, 5), error_code::none);
        log_.hold();
        bool answered = false;
        aside([](awaitable<error_code> committing, bool& done) -> awaitable<void> {
            EXPECT_EQ(co_await std::move(committing), error_code::none);
            done = true;
        }(commit(0, 6), answered));
        co_await universe_.sleep_for(milliseconds(50));
        EXPECT_FALSE(answered);
        EXPECT_EQ(co_await committed(0), 5);
        log_.release();
        co_await asides_done();
        EXPECT_TRUE(answered);
        EXPECT_EQ(co_await committed(0), 6);
    });
}

TEST_F(offset_apis, commits_that_wait_for_the_same_partition_share_an_append) {
    run([&]() -> awaitable<void> {
        log_.hold();
        const auto expect_success = [](awaitable<error_code> committing) -> awaitable<void> {
            EXPECT_EQ(co_await std::move(committing), error_code::none);
        };
        aside(expect_success(commit(0, 0)));
        co_await universe_.sleep_for(milliseconds(1));
        for (std::int32_t index = 0; index < 4; ++index) {
            aside(expect_success(commit(index, index)));
        }
        co_await universe_.sleep_for(milliseconds(50));
        log_.release();
        co_await asides_done();
        EXPECT_EQ(log_.appends(), 2U) << "one for the first, one for all that waited behind it";
        EXPECT_EQ(co_await committed(3), 3);
    });
}

TEST_F(offset_apis, a_commit_that_failed_changes_nothing) {
    run([&]() -> awaitable<void> {
        EXPECT_EQ(co_await commit(0, 5), error_code::none);
        log_.fail_with(error_code::kafka_storage_error);
        EXPECT_EQ(co_await commit(0, 6), error_code::not_coordinator);
        log_.fail_with(error_code::not_enough_replicas);
        EXPECT_EQ(co_await commit(0, 6), error_code::coordinator_not_available);
        log_.fail_with(error_code::message_too_large);
        EXPECT_EQ(co_await commit(0, 6), error_code::invalid_commit_offset_size);
        EXPECT_EQ(co_await committed(0), 5);
    });
}

TEST_F(offset_apis, an_offset_below_zero_names_a_place_and_is_kept) {
    run([&]() -> awaitable<void> {
        EXPECT_EQ(co_await commit(0, -2), error_code::none);
        EXPECT_EQ(co_await committed(0), -2);
        EXPECT_EQ(co_await commit(0, -1), error_code::none);
        EXPECT_EQ(co_await committed(0), -1);
    });
}

TEST_F(offset_apis, each_partition_of_a_commit_has_an_outcome_of_its_own) {
    run([&]() -> awaitable<void> {
        messages::offset_commit_request request{.group_id = "group"};
        auto& topic = request.topics.emplace_back();
        topic.name = "topic";
        topic.partitions.push_back({.partition_index = 0, .committed_offset = 3});
        topic.partitions.push_back({.partition_index = 4, .committed_offset = 3});
        topic.partitions.push_back({.partition_index = 1,
                                    .committed_offset = 3,
                                    .committed_metadata = std::string(4'097, 'x')});
        auto committing = groups_->offset_commit(std::move(request), version(8));
        const auto response = co_await std::move(committing);
        const auto& answered = response.topics.at(0).partitions;
        EXPECT_EQ(answered.at(0).error_code, 0);
        EXPECT_EQ(answered.at(1).error_code,
                  kafka::to_wire(error_code::unknown_topic_or_partition));
        EXPECT_EQ(answered.at(2).error_code, kafka::to_wire(error_code::offset_metadata_too_large));
        EXPECT_EQ(co_await committed(0), 3);
        EXPECT_EQ(co_await committed(1), -1);
    });
}

TEST_F(offset_apis, commits_are_fenced_by_member_and_generation) {
    run([&]() -> awaitable<void> {
        EXPECT_EQ(co_await commit(0, 1, "stranger", 3), error_code::illegal_generation)
            << "a generation of a group that is not here";
        const auto member = co_await become_only_member();
        EXPECT_EQ(co_await commit(0, 1, member.member_id, 1), error_code::none);
        EXPECT_EQ(co_await commit(0, 2, member.member_id, 0), error_code::illegal_generation);
        EXPECT_EQ(co_await commit(0, 2, "stranger", 1), error_code::unknown_member_id);
        EXPECT_EQ(co_await commit(0, 2), error_code::unknown_member_id);
        EXPECT_EQ(co_await committed(0), 1);
    });
}

TEST_F(offset_apis, offsets_and_members_are_there_again_after_a_restart) {
    run([&]() -> awaitable<void> {
        const auto member = co_await become_only_member();
        EXPECT_EQ(co_await commit(0, 7, member.member_id, 1), error_code::none);
        co_await reopen();
        EXPECT_EQ(co_await committed(0), 7);
        EXPECT_EQ(co_await commit(0, 8, member.member_id, 1), error_code::none);
        const auto synced = co_await sync(member.member_id, 1);
        EXPECT_EQ(synced.assignment, std::vector<std::byte>{std::byte{7}});
        co_await universe_.sleep_for(milliseconds(10'001));
        EXPECT_EQ(co_await state_of("group"), "Empty") << "the session did not start anew";
        EXPECT_EQ(co_await committed(0), 8);
    });
}

TEST_F(offset_apis, a_fetch_of_all_topics_gives_what_was_committed) {
    run([&]() -> awaitable<void> {
        EXPECT_EQ(co_await commit(2, 20), error_code::none);
        EXPECT_EQ(co_await commit(0, 10), error_code::none);
        messages::offset_fetch_request all{.group_id = "group", .topics = std::nullopt};
        auto fetching = groups_->offset_fetch(all, version(7));
        const auto response = co_await std::move(fetching);
        EXPECT_EQ(response.topics.size(), 1U);
        EXPECT_EQ(response.topics.at(0).partitions.size(), 2U);
        EXPECT_EQ(response.topics.at(0).partitions.at(1).partition_index, 2);
        EXPECT_EQ(response.topics.at(0).partitions.at(1).committed_offset, 20);
    });
}

TEST_F(offset_apis, several_groups_are_fetched_at_once_from_version_8_on) {
    run([&]() -> awaitable<void> {
        EXPECT_EQ(co_await commit(0, 10), error_code::none);
        messages::offset_fetch_request both;
        both.groups.push_back({.group_id = "group", .topics = std::nullopt});
        both.groups.push_back({.group_id = "nobody"});
        both.groups[1].topics->push_back({"topic", {3}});
        auto fetching = groups_->offset_fetch(both, version(8));
        const auto response = co_await std::move(fetching);
        EXPECT_EQ(response.groups.size(), 2U);
        EXPECT_EQ(response.groups.at(0).topics.at(0).partitions.at(0).committed_offset, 10);
        const auto& unknown = response.groups.at(1).topics.at(0).partitions.at(0);
        EXPECT_EQ(unknown.committed_offset, -1);
        EXPECT_EQ(unknown.error_code, 0);
        EXPECT_EQ(unknown.metadata, "");
    });
}

TEST_F(offset_apis, an_error_of_a_whole_fetch_stands_where_the_version_has_room_for_it) {
    run([&]() -> awaitable<void> {
        groups_->resigned(groups_->partition_of("group"));
        messages::offset_fetch_request request{.group_id = "group"};
        request.topics->push_back({"topic", {0}});
        auto old = groups_->offset_fetch(request, version(1));
        const auto each = co_await std::move(old);
        EXPECT_EQ(each.error_code, 0);
        EXPECT_EQ(each.topics.at(0).partitions.at(0).error_code,
                  kafka::to_wire(error_code::not_coordinator));
        auto fetching = groups_->offset_fetch(request, version(2));
        const auto whole = co_await std::move(fetching);
        EXPECT_EQ(whole.error_code, kafka::to_wire(error_code::not_coordinator));
        messages::offset_fetch_request batch;
        batch.groups.push_back({.group_id = "group"});
        auto batched = groups_->offset_fetch(batch, version(8));
        const auto groups = co_await std::move(batched);
        EXPECT_EQ(groups.groups.at(0).error_code, kafka::to_wire(error_code::not_coordinator));
    });
}

TEST_F(offset_apis, offsets_expire_once_the_group_has_been_empty_for_the_retention) {
    config_.offsets_retention = std::chrono::minutes(60);
    run([&]() -> awaitable<void> {
        const auto member = co_await become_only_member();
        EXPECT_EQ(co_await commit(0, 7, member.member_id, 1), error_code::none);
        for (int beats = 0; beats < 120 * 12; ++beats) {
            EXPECT_EQ(co_await heartbeat(member.member_id, 1), error_code::none);
            co_await universe_.sleep_for(milliseconds(5'000));
        }
        EXPECT_EQ(co_await committed(0), 7) << "expired under a living member";
        co_await universe_.sleep_for(std::chrono::minutes(50));
        EXPECT_EQ(co_await committed(0), 7) << "expired too early";
        co_await universe_.sleep_for(std::chrono::minutes(31));
        EXPECT_EQ(co_await committed(0), -1);
        EXPECT_EQ(co_await state_of("group"), "Dead");
        EXPECT_EQ(log_.live_keys(), 0U);
        co_await reopen();
        EXPECT_EQ(co_await state_of("group"), "Dead");
    });
}

TEST_F(offset_apis, offsets_of_a_deleted_topic_go_with_it) {
    run([&]() -> awaitable<void> {
        EXPECT_EQ(co_await commit(0, 7), error_code::none);
        groups_->topic_deleted("another");
        groups_->topic_deleted("topic");
        co_await universe_.sleep_for(milliseconds(1));
        EXPECT_EQ(co_await committed(0), -1);
        EXPECT_EQ(log_.live_keys(), 0U);
    });
}

TEST_F(offset_apis, offsets_can_be_deleted_unless_a_member_reads_the_topic) {
    run([&]() -> awaitable<void> {
        auto nobody = groups_->offset_delete(forget({0}), version(0));
        const auto missing = co_await std::move(nobody);
        EXPECT_EQ(missing.error_code, kafka::to_wire(error_code::group_id_not_found));

        EXPECT_EQ(co_await commit(0, 7), error_code::none);
        EXPECT_EQ(co_await commit(1, 8), error_code::none);
        auto deleting = groups_->offset_delete(forget({0, 9}), version(0));
        const auto deleted = co_await std::move(deleting);
        EXPECT_EQ(deleted.error_code, 0);
        EXPECT_EQ(deleted.topics.at(0).partitions.at(0).error_code, 0);
        EXPECT_EQ(deleted.topics.at(0).partitions.at(1).error_code,
                  kafka::to_wire(error_code::unknown_topic_or_partition));
        EXPECT_EQ(co_await committed(0), -1);

        co_await become_only_member();
        auto refusing = groups_->offset_delete(forget({1}), version(0));
        const auto refused = co_await std::move(refusing);
        EXPECT_EQ(refused.topics.at(0).partitions.at(0).error_code,
                  kafka::to_wire(error_code::group_subscribed_to_topic));
        EXPECT_EQ(co_await committed(1), 8);
        co_await reopen();
        EXPECT_EQ(co_await committed(0), -1);
        EXPECT_EQ(co_await committed(1), 8);
    });
}

}  // namespace
}  // namespace verdikt::broker::coordinator
