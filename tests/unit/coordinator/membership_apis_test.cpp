// Join, sync, heartbeat and leave as requests of each version.
#include "tests/unit/coordinator/coordinator_fixture.h"

namespace verdikt::broker::coordinator {
namespace {

using membership_apis = coordinator_fixture;

TEST_F(membership_apis, a_group_forms_and_its_members_are_told_after_the_assignment_is_stored) {
    run([&]() -> awaitable<void> {
        const auto joined = co_await join();
        EXPECT_EQ(joined.error_code, 0);
        EXPECT_EQ(joined.generation_id, 1);
        EXPECT_EQ(joined.leader, joined.member_id);
        EXPECT_TRUE(joined.member_id.starts_with("client-"));
        EXPECT_EQ(joined.members.size(), 1U);
        log_.hold();
        bool told = false;
        aside([](coordinator_fixture&,
                 awaitable<messages::sync_group_response> syncing,
                 bool& done) -> awaitable<void> {
            const auto synced = co_await std::move(syncing);
            EXPECT_EQ(synced.assignment, std::vector<std::byte>{std::byte{7}});
            done = true;
        }(*this, sync(joined.member_id, 1, {joined.member_id}), told));
        co_await universe_.sleep_for(milliseconds(100));
        EXPECT_FALSE(told);
        EXPECT_EQ(co_await state_of("group"), "CompletingRebalance");
        log_.release();
        co_await asides_done();
        EXPECT_TRUE(told);
        EXPECT_EQ(co_await state_of("group"), "Stable");
        EXPECT_EQ(co_await heartbeat(joined.member_id, 1), error_code::none);
    });
}

TEST_F(membership_apis, from_version_4_on_a_first_join_is_sent_back_for_its_member_id) {
    run([&]() -> awaitable<void> {
        const auto sent_back = co_await join("", 4);
        EXPECT_EQ(sent_back.error_code, kafka::to_wire(error_code::member_id_required));
        EXPECT_FALSE(sent_back.member_id.empty());
        EXPECT_EQ(sent_back.protocol_name, "") << "null is not in this version";
        const auto joined = co_await join(sent_back.member_id, 4);
        EXPECT_EQ(joined.error_code, 0);
        EXPECT_EQ(joined.member_id, sent_back.member_id);
    });
}

TEST_F(membership_apis, a_member_that_falls_silent_is_expelled_after_its_session_timeout) {
    run([&]() -> awaitable<void> {
        const auto member = co_await become_only_member();
        co_await universe_.sleep_for(milliseconds(9'000));
        EXPECT_EQ(co_await heartbeat(member.member_id, 1), error_code::none);
        co_await universe_.sleep_for(milliseconds(9'999));
        EXPECT_EQ(co_await state_of("group"), "Stable");
        co_await universe_.sleep_for(milliseconds(2));
        EXPECT_EQ(co_await state_of("group"), "Empty");
        EXPECT_EQ(co_await heartbeat(member.member_id, 1), error_code::unknown_member_id);
    });
}

TEST_F(membership_apis, what_no_group_can_accept_is_refused) {
    run([&]() -> awaitable<void> {
        const auto anonymous = co_await join("", 3, "");
        EXPECT_EQ(anonymous.error_code, kafka::to_wire(error_code::invalid_group_id));
        const auto stranger = co_await join("somebody", 3);
        EXPECT_EQ(stranger.error_code, kafka::to_wire(error_code::unknown_member_id));
        EXPECT_EQ(co_await state_of("group"), "Dead") << "a refused join left a group behind";
        auto hasty =
            groups_->join_group({.group_id = "group", .session_timeout_ms = 5'999}, version(5));
        const auto refused = co_await std::move(hasty);
        EXPECT_EQ(refused.error_code, kafka::to_wire(error_code::invalid_session_timeout));
        EXPECT_EQ(co_await heartbeat("somebody", 1), error_code::unknown_member_id);
        const auto syncing = co_await sync("somebody", 1);
        EXPECT_EQ(syncing.error_code, kafka::to_wire(error_code::unknown_member_id));
    });
}

TEST_F(membership_apis, leaving_has_one_outcome_up_to_version_2_and_one_a_member_from_3_on) {
    run([&]() -> awaitable<void> {
        const auto member = co_await become_only_member();
        messages::leave_group_request two{.group_id = "group"};
        two.members.push_back({.member_id = member.member_id});
        two.members.push_back({.member_id = "stranger"});
        auto leaving = groups_->leave_group(two, version(3));
        const auto each = co_await std::move(leaving);
        EXPECT_EQ(each.error_code, 0);
        EXPECT_EQ(each.members.size(), 2U);
        EXPECT_EQ(each.members[0].error_code, 0);
        EXPECT_EQ(each.members[1].error_code, kafka::to_wire(error_code::unknown_member_id));
        auto again =
            groups_->leave_group({.group_id = "group", .member_id = member.member_id}, version(2));
        const auto once = co_await std::move(again);
        EXPECT_EQ(once.error_code, kafka::to_wire(error_code::unknown_member_id));
        EXPECT_TRUE(once.members.empty());
    });
}

TEST_F(membership_apis, a_broker_that_does_not_lead_the_partition_sends_the_client_elsewhere) {
    run([&]() -> awaitable<void> {
        const auto member = co_await become_only_member();
        groups_->resigned(groups_->partition_of("group"));
        const auto refused = co_await join();
        EXPECT_EQ(refused.error_code, kafka::to_wire(error_code::not_coordinator));
        EXPECT_EQ(co_await heartbeat(member.member_id, 1), error_code::not_coordinator);
        EXPECT_EQ(co_await commit(0, 1), error_code::not_coordinator);
    });
}

TEST_F(membership_apis, who_waits_when_the_partition_moves_away_is_told_so) {
    run([&]() -> awaitable<void> {
        const auto member = co_await become_only_member();
        std::int16_t told = 0;
        aside([](awaitable<messages::join_group_response> joining,
                 std::int16_t& error) -> awaitable<void> {
            const auto joined = co_await std::move(joining);
            error = joined.error_code;
        }(join(), told));
        co_await universe_.sleep_for(milliseconds(10));
        EXPECT_EQ(co_await state_of("group"), "PreparingRebalance");
        groups_->resigned(groups_->partition_of("group"));
        co_await asides_done();
        EXPECT_EQ(told, kafka::to_wire(error_code::not_coordinator));
    });
}

TEST_F(membership_apis, while_the_partition_loads_requests_are_put_off) {
    run([&]() -> awaitable<void> {
        const auto member = co_await become_only_member();
        co_await close();
        log_.hold();
        open();
        const auto joining = co_await join();
        EXPECT_EQ(joining.error_code, kafka::to_wire(error_code::coordinator_load_in_progress));
        EXPECT_EQ(co_await commit(0, 1), error_code::coordinator_load_in_progress);
        EXPECT_EQ(co_await heartbeat(member.member_id, 1), error_code::none);
        const auto syncing = co_await sync(member.member_id, 1);
        EXPECT_EQ(syncing.error_code, kafka::to_wire(error_code::rebalance_in_progress));
        log_.release();
        co_await universe_.sleep_for(milliseconds(1));
        EXPECT_EQ(co_await heartbeat(member.member_id, 1), error_code::none);
        EXPECT_EQ(co_await state_of("group"), "Stable");
    });
}

TEST_F(membership_apis, a_log_that_cannot_be_read_is_tried_again) {
    run([&]() -> awaitable<void> {
        const auto member = co_await become_only_member();
        co_await close();
        log_.fail_with(error_code::kafka_storage_error);
        open();
        co_await universe_.sleep_for(milliseconds(2'500));
        EXPECT_EQ(co_await commit(0, 1), error_code::coordinator_load_in_progress);
        log_.fail_with(error_code::none);
        co_await universe_.sleep_for(milliseconds(1'000));
        EXPECT_EQ(co_await heartbeat(member.member_id, 1), error_code::none);
    });
}

}  // namespace
}  // namespace verdikt::broker::coordinator
