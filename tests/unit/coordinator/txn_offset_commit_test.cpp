// TxnOffsetCommit, and the markers that decide what becomes of it (KIP-447).
#include "tests/unit/coordinator/coordinator_fixture.h"

namespace verdikt::broker::coordinator {
namespace {

constexpr kafka::producer_id producer{7};

class transactional_offset_commits : public coordinator_fixture {
  public:
    awaitable<error_code> commit_in_transaction(std::int64_t offset,
                                                std::string member_id = "",
                                                std::int32_t generation = -1) {
        messages::txn_offset_commit_request request{.transactional_id = "id",
                                                    .group_id = "group",
                                                    .producer_id = producer.value(),
                                                    .producer_epoch = 0,
                                                    .generation_id = generation,
                                                    .member_id = std::move(member_id)};
        request.topics.push_back({.name = "topic", .partitions = {{.committed_offset = offset}}});
        const auto answer = co_await groups_->txn_offset_commit(request, version(3));
        co_return error_code(answer.topics.at(0).partitions.at(0).error_code);
    }

    awaitable<error_code> end(bool commit) {
        using kafka::records::control_type;
        co_return co_await groups_->write_marker(
            groups_->partition_of("group"),
            {.what = {.producer_id = producer,
                      .producer_epoch = kafka::producer_epoch(0),
                      .outcome = commit ? control_type::commit : control_type::abort}});
    }

    awaitable<error_code> stable_error() {
        messages::offset_fetch_request request;
        request.group_id = "group";
        request.require_stable = true;
        request.topics.emplace();
        request.topics->push_back({.name = "topic", .partition_indexes = {0}});
        const auto answer = co_await groups_->offset_fetch(request, version(7));
        co_return error_code(answer.topics.at(0).partitions.at(0).error_code);
    }
};

TEST_F(transactional_offset_commits, count_once_the_marker_says_so) {
    run([&]() -> awaitable<void> {
        EXPECT_EQ(co_await commit_in_transaction(5), error_code::none);
        EXPECT_EQ(co_await committed(0), -1);
        EXPECT_EQ(co_await stable_error(), error_code::unstable_offset_commit);
        EXPECT_EQ(co_await end(true), error_code::none);
        EXPECT_EQ(co_await committed(0), 5);
        EXPECT_EQ(co_await stable_error(), error_code::none);
    });
}

TEST_F(transactional_offset_commits, are_dropped_by_an_abort) {
    run([&]() -> awaitable<void> {
        EXPECT_EQ(co_await commit(0, 3), error_code::none);
        EXPECT_EQ(co_await commit_in_transaction(5), error_code::none);
        EXPECT_EQ(co_await end(false), error_code::none);
        EXPECT_EQ(co_await committed(0), 3);
        EXPECT_EQ(co_await stable_error(), error_code::none);
    });
}

TEST_F(transactional_offset_commits, stay_undecided_when_another_takes_the_group_over) {
    run([&]() -> awaitable<void> {
        EXPECT_EQ(co_await commit_in_transaction(5), error_code::none);
        co_await reopen();
        EXPECT_EQ(co_await stable_error(), error_code::unstable_offset_commit);
        EXPECT_EQ(co_await end(true), error_code::none);
        EXPECT_EQ(co_await committed(0), 5);
        co_await reopen();
        EXPECT_EQ(co_await committed(0), 5);
        EXPECT_EQ(co_await stable_error(), error_code::none);
    });
}

TEST_F(transactional_offset_commits, of_a_member_are_fenced_by_its_generation) {
    run([&]() -> awaitable<void> {
        const auto joined = co_await become_only_member();
        EXPECT_EQ(co_await commit_in_transaction(5, joined.member_id, joined.generation_id),
                  error_code::none);
        EXPECT_EQ(co_await commit_in_transaction(6, joined.member_id, joined.generation_id - 1),
                  error_code::illegal_generation);
        EXPECT_EQ(co_await commit_in_transaction(6, "a stranger", joined.generation_id),
                  error_code::unknown_member_id);
        // Before KIP-447 producers named no member, and the transactional id alone fenced them.
        EXPECT_EQ(co_await commit_in_transaction(7), error_code::none);
    });
}

TEST_F(transactional_offset_commits, are_refused_where_the_transaction_is_not_known) {
    run([&]() -> awaitable<void> {
        log_.verify_with(error_code::invalid_producer_id_mapping);
        EXPECT_EQ(co_await commit_in_transaction(5), error_code::invalid_producer_id_mapping);
        log_.verify_with(error_code::not_coordinator);
        EXPECT_EQ(co_await commit_in_transaction(5), error_code::coordinator_load_in_progress);
        EXPECT_EQ(co_await stable_error(), error_code::none);
    });
}

TEST_F(transactional_offset_commits, are_answered_after_the_marker_that_came_before_them) {
    run([&]() -> awaitable<void> {
        EXPECT_EQ(co_await commit_in_transaction(5), error_code::none);
        log_.hold();
        aside([](transactional_offset_commits& mine) -> awaitable<void> {
            EXPECT_EQ(co_await mine.end(true), error_code::none);
        }(*this));
        aside([](transactional_offset_commits& mine) -> awaitable<void> {
            EXPECT_EQ(co_await mine.commit_in_transaction(9), error_code::none);
        }(*this));
        co_await world().sleep_for(milliseconds(1));
        log_.release();
        co_await asides_done();
        EXPECT_EQ(co_await committed(0), 5);
        EXPECT_EQ(co_await stable_error(), error_code::unstable_offset_commit);
    });
}

TEST_F(transactional_offset_commits, of_a_partition_that_is_not_served_here_take_no_marker) {
    run([&]() -> awaitable<void> {
        groups_->resigned(groups_->partition_of("group"));
        EXPECT_EQ(co_await end(true), error_code::not_leader_or_follower);
        log_.hold();
        groups_->elected(groups_->partition_of("group"), kafka::leader_epoch(1));
        EXPECT_EQ(co_await end(true), error_code::coordinator_load_in_progress);
        log_.release();
        // It is given up in the moment in which its loading ends.
        groups_->resigned(groups_->partition_of("group"));
        co_await universe_.sleep_for(milliseconds(1));
        EXPECT_EQ(co_await end(true), error_code::not_leader_or_follower);
    });
}

}  // namespace
}  // namespace verdikt::broker::coordinator
