// ListGroups, DescribeGroups and DeleteGroups.
#include "tests/unit/coordinator/coordinator_fixture.h"

namespace verdikt::broker::coordinator {
namespace {

class group_administration : public coordinator_fixture {
  protected:
    awaitable<error_code> remove(std::string group) {
        messages::delete_groups_request request;
        request.groups_names.push_back(std::move(group));
        auto deleting = groups_->delete_groups(std::move(request), version(2));
        const auto response = co_await std::move(deleting);
        co_return kafka::to_error_code(response.results.at(0).error_code);
    }

    awaitable<std::vector<std::string>> listed(std::vector<std::string> states,
                                               std::vector<std::string> types = {}) {
        auto listing = groups_->list_groups(
            {.states_filter = std::move(states), .types_filter = std::move(types)}, version(5));
        const auto response = co_await std::move(listing);
        std::vector<std::string> ids;
        for (const auto& group : response.groups) ids.push_back(group.group_id);
        co_return ids;
    }
};

using ids = std::vector<std::string>;

TEST_F(group_administration, groups_are_listed_by_state_and_type) {
    run([&]() -> awaitable<void> {
        co_await become_only_member();
        const auto pending = co_await join("", 4, "other");
        EXPECT_EQ(co_await listed({"Stable"}), ids{"group"});
        EXPECT_EQ(co_await listed({"empty"}), ids{"other"});
        const ids everything = co_await listed({});
        EXPECT_EQ(everything.size(), 2U);
        EXPECT_EQ((co_await listed({}, {"Classic"})).size(), 2U);
        EXPECT_EQ(co_await listed({}, {"consumer"}), ids{});
        auto listing = groups_->list_groups({}, version(3));
        const auto old = co_await std::move(listing);
        EXPECT_EQ(old.groups.at(0).group_state, "") << "the version has no states";
    });
}

TEST_F(group_administration, a_description_shows_members_with_what_they_were_assigned) {
    run([&]() -> awaitable<void> {
        const auto member = co_await become_only_member();
        messages::describe_groups_request request{.include_authorized_operations = true};
        request.groups = {"group", "nobody"};
        auto describing = groups_->describe_groups(request, version(5));
        const auto response = co_await std::move(describing);
        const auto& group = response.groups.at(0);
        EXPECT_EQ(group.group_state, "Stable");
        EXPECT_EQ(group.protocol_type, "consumer");
        EXPECT_EQ(group.protocol_data, "range");
        EXPECT_EQ(group.authorized_operations, 328);
        EXPECT_EQ(group.members.at(0).member_id, member.member_id);
        EXPECT_EQ(group.members.at(0).client_id, "client");
        EXPECT_EQ(group.members.at(0).client_host, "/10.0.0.1");
        EXPECT_EQ(group.members.at(0).member_assignment, std::vector<std::byte>{std::byte{7}});
        EXPECT_EQ(response.groups.at(1).group_state, "Dead");
        EXPECT_EQ(response.groups.at(1).error_code, 0);
    });
}

TEST_F(group_administration, only_a_group_without_members_can_be_deleted) {
    run([&]() -> awaitable<void> {
        EXPECT_EQ(co_await remove("group"), error_code::group_id_not_found);
        const auto member = co_await become_only_member();
        EXPECT_EQ(co_await commit(0, 7, member.member_id, 1), error_code::none);
        EXPECT_EQ(co_await remove("group"), error_code::non_empty_group);
        co_await universe_.sleep_for(milliseconds(10'001));
        EXPECT_EQ(co_await remove("group"), error_code::none);
        EXPECT_EQ(co_await state_of("group"), "Dead");
        EXPECT_EQ(co_await committed(0), -1);
        EXPECT_EQ(log_.live_keys(), 0U);
        co_await reopen();
        EXPECT_EQ(co_await listed({}), ids{});
    });
}

TEST_F(group_administration, a_deletion_also_covers_a_commit_that_is_under_way) {
    run([&]() -> awaitable<void> {
        log_.hold();
        error_code committed_with = error_code::unknown_server_error;
        error_code removed_with = error_code::unknown_server_error;
        const auto keep = [](awaitable<error_code> work, error_code& outcome) -> awaitable<void> {
            outcome = co_await std::move(work);
        };
        aside(keep(commit(0, 7), committed_with));
        co_await universe_.sleep_for(milliseconds(1));
        aside(keep(remove("group"), removed_with));
        co_await universe_.sleep_for(milliseconds(1));
        EXPECT_EQ(co_await commit(0, 9), error_code::coordinator_not_available)
            << "a group under deletion took a commit";
        log_.release();
        co_await asides_done();
        EXPECT_EQ(committed_with, error_code::none);
        EXPECT_EQ(removed_with, error_code::none);
        EXPECT_EQ(log_.live_keys(), 0U);
        co_await reopen();
        EXPECT_EQ(co_await committed(0), -1);
    });
}

TEST_F(group_administration, a_deletion_that_cannot_be_written_leaves_the_group) {
    run([&]() -> awaitable<void> {
        EXPECT_EQ(co_await commit(0, 7), error_code::none);
        log_.fail_with(error_code::kafka_storage_error);
        EXPECT_EQ(co_await remove("group"), error_code::not_coordinator);
        log_.fail_with(error_code::none);
        EXPECT_EQ(co_await committed(0), 7);
        EXPECT_EQ(co_await commit(0, 8), error_code::none);
    });
}

}  // namespace
}  // namespace verdikt::broker::coordinator
