// The host of transactions: loading, handing over, and markers that are sent until they are taken.
#include "tests/unit/transaction_host/host_fixture.h"

#include <gmock/gmock.h>

namespace verdikt::broker::coordinator::transactions {
namespace {

using namespace std::chrono_literals;
using kafka::records::control_type;

const kafka::topic_partition first{"topic", kafka::partition_index(0)};
const kafka::topic_partition second{"topic", kafka::partition_index(1)};

TEST_F(host_fixture, a_commit_writes_a_marker_to_each_partition_and_is_then_complete) {
    run([&]() -> awaitable<void> {
        EXPECT_EQ((co_await init()).error_code, 0);
        EXPECT_EQ(co_await add(0), error_code::none);
        EXPECT_EQ(co_await add(1), error_code::none);
        EXPECT_EQ(state(), "Ongoing");
        EXPECT_EQ(co_await end(true), error_code::none);
        co_await pause(1ms);
        EXPECT_EQ(state(), "CompleteCommit");
        EXPECT_EQ(markers_.sent.size(), 2U);
        for (const auto& [where, marker] : markers_.sent) {
            EXPECT_EQ(marker.what.producer_id.value(), producer);
            EXPECT_EQ(marker.what.outcome, control_type::commit);
            EXPECT_FALSE(marker.epoch_of_its_own);
        }
    });
}

TEST_F(host_fixture, a_marker_that_is_not_taken_is_sent_again_to_that_partition_alone) {
    run([&]() -> awaitable<void> {
        co_await init();
        EXPECT_EQ(co_await add(0), error_code::none);
        EXPECT_EQ(co_await add(1), error_code::none);
        markers_.refusals[second] = error_code::not_leader_or_follower;
        EXPECT_EQ(co_await end(false), error_code::none);
        co_await pause(1s);
        EXPECT_EQ(state(), "PrepareAbort");
        EXPECT_EQ(std::ranges::count(markers_.sent, first, [](auto& each) { return each.first; }),
                  1);
        EXPECT_GT(std::ranges::count(markers_.sent, second, [](auto& each) { return each.first; }),
                  5);
        markers_.refusals.clear();
        co_await pause(200ms);
        EXPECT_EQ(state(), "CompleteAbort");
    });
}

TEST_F(host_fixture, a_decided_transaction_is_completed_by_whoever_leads_the_partition_next) {
    run([&]() -> awaitable<void> {
        co_await init();
        EXPECT_EQ(co_await add(0), error_code::none);
        markers_.refusals[first] = error_code::not_leader_or_follower;
        EXPECT_EQ(co_await end(true), error_code::none);
        co_await reopen();
        EXPECT_EQ(state(), "PrepareCommit");
        markers_.sent.clear();
        markers_.refusals.clear();
        co_await pause(200ms);
        EXPECT_EQ(state(), "CompleteCommit");
        // In the name of the new leadership, which fences the old one.
        EXPECT_EQ(markers_.sent.back().second.what.coordinator_epoch, 1);
    });
}

TEST_F(host_fixture, while_loading_nothing_is_answered_but_to_wait) {
    run([&]() -> awaitable<void> {
        co_await init();
        co_await close();
        log_.hold();
        open();
        EXPECT_EQ(error_code((co_await init()).error_code),
                  error_code::coordinator_load_in_progress);
        EXPECT_EQ(error_code(host_->list_transactions({}).error_code),
                  error_code::coordinator_load_in_progress);
        log_.release();
        co_await pause(1ms);
        const auto epoch_before = epoch;
        EXPECT_EQ((co_await init()).error_code, 0);
        EXPECT_EQ(epoch, epoch_before + 1);
    });
}

TEST_F(host_fixture, a_partition_that_cannot_be_read_is_tried_again) {
    run([&]() -> awaitable<void> {
        co_await init();
        co_await close();
        log_.fail_with(error_code::kafka_storage_error);
        open();
        co_await pause(1ms);
        EXPECT_EQ(error_code((co_await init()).error_code),
                  error_code::coordinator_load_in_progress);
        log_.fail_with(error_code::none);
        co_await pause(2s);
        EXPECT_EQ((co_await init()).error_code, 0);
        EXPECT_EQ(epoch, 1);
    });
}

TEST_F(host_fixture, who_waits_when_the_partition_is_given_up_is_sent_elsewhere) {
    run([&]() -> awaitable<void> {
        log_.hold();
        std::optional<error_code> told;
        aside([](host_fixture&,
                 transaction_host& host,
                 std::optional<error_code>& into) -> awaitable<void> {
            const messages::init_producer_id_request request{.transactional_id = "id",
                                                             .transaction_timeout_ms = 60'000};
            into = error_code((co_await host.init_producer_id(request, 4)).error_code);
        }(*this, *host_, told));
        co_await pause(1ms);
        EXPECT_FALSE(told.has_value());
        resign();
        co_await pause(1ms);
        EXPECT_EQ(told, error_code::not_coordinator);
        log_.release();
        EXPECT_EQ(error_code((co_await init()).error_code), error_code::not_coordinator);
    });
}

TEST_F(host_fixture, a_partition_given_up_as_its_loading_ends_is_not_served) {
    run([&]() -> awaitable<void> {
        co_await init();
        co_await close();
        log_.hold();
        open();
        co_await pause(1ms);
        log_.release();
        resign();
        co_await pause(1ms);
        EXPECT_EQ(error_code((co_await init()).error_code), error_code::not_coordinator);
    });
}

TEST_F(host_fixture, a_transaction_left_open_is_aborted_after_its_time) {
    run([&]() -> awaitable<void> {
        co_await init();
        EXPECT_EQ(co_await add(0), error_code::none);
        co_await pause(59s);
        EXPECT_EQ(state(), "Ongoing");
        co_await pause(12s);
        EXPECT_EQ(state(), "CompleteAbort");
        EXPECT_EQ(co_await end(true), error_code::producer_fenced);
    });
}

TEST_F(host_fixture, the_next_transaction_waits_a_moment_for_the_one_before) {
    run([&]() -> awaitable<void> {
        co_await init();
        EXPECT_EQ(co_await add(0), error_code::none);
        markers_.refusals[first] = error_code::not_leader_or_follower;
        EXPECT_EQ(co_await end(true), error_code::none);
        markers_.refusals.clear();
        const auto asked = world().now();
        EXPECT_EQ(co_await add(1), error_code::none);
        EXPECT_GT(world().now(), asked);
        EXPECT_EQ(state(), "Ongoing");
    });
}

TEST_F(host_fixture, an_id_that_was_drawn_and_not_needed_is_given_to_the_next) {
    run([&]() -> awaitable<void> {
        EXPECT_EQ((co_await init("one")).producer_id, 100);
        EXPECT_EQ((co_await init("one")).producer_id, 100);
        EXPECT_EQ((co_await init("one")).producer_id, 100);
        EXPECT_EQ((co_await init("two")).producer_id, 101);
        EXPECT_EQ(ids_.given, 102);
    });
}

TEST_F(host_fixture, brokers_are_told_whether_a_partition_is_part_of_a_transaction) {
    run([&]() -> awaitable<void> {
        co_await init();
        const transactional::claimed_transaction claim{.transactional_id = "id",
                                                       .producer = kafka::producer_id(producer),
                                                       .epoch = kafka::producer_epoch(epoch)};
        EXPECT_EQ(co_await host_->verify(claim, first), error_code::transaction_abortable);
        EXPECT_EQ(co_await add(0), error_code::none);
        EXPECT_EQ(co_await host_->verify(claim, first), error_code::none);
        EXPECT_EQ(co_await host_->verify(claim, second), error_code::transaction_abortable);
        auto adding = claim;
        adding.add = true;
        EXPECT_EQ(co_await host_->verify(adding, second), error_code::none);
        EXPECT_EQ(co_await host_->verify(claim, second), error_code::none);
    });
}

TEST_F(host_fixture, a_topic_that_this_broker_has_yet_to_hear_of_is_added_to_nothing) {
    run([&]() -> awaitable<void> {
        co_await init();
        const transactional::claimed_transaction claim{.transactional_id = "id",
                                                       .producer = kafka::producer_id(producer),
                                                       .epoch = kafka::producer_epoch(epoch),
                                                       .add = true};
        EXPECT_EQ(co_await host_->verify(claim, {"new", kafka::partition_index(0)}),
                  error_code::unknown_topic_or_partition);
        EXPECT_EQ(state(), "Empty");
    });
}

}  // namespace
}  // namespace verdikt::broker::coordinator::transactions
