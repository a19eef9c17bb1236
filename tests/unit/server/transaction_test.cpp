// Transactions on one broker, as clients of both protocol versions and their readers see them.
#include "kafka/messages/describe_producers.h"
#include "kafka/messages/describe_transactions.h"
#include "kafka/messages/list_transactions.h"
#include "kafka/messages/write_txn_markers.h"
#include "tests/unit/server/broker_fixture.h"
#include "tests/unit/server/transaction_client.h"

#include <gmock/gmock.h>

namespace verdikt::broker::server {
namespace {

using kafka::error_code;
using runtime::awaitable;
using runtime::environment;
using testing::ElementsAre;
using testing::IsEmpty;
using values = std::vector<std::string>;

class transactions : public broker_fixture, public testing::WithParamInterface<spoken_version> {
  protected:
    /// A client with topics, coordinators and an identity.
    using part = std::function<awaitable<void>(environment&, wire_client&, transaction_client&)>;

    void act(part what) {
        play([&](environment& world) -> awaitable<void> {
            auto wire = co_await connect(world);
            co_await make_topic(wire, "orders");
            co_await make_topic(wire, "payments");
            co_await find_coordinator(world, wire, "mine");
            co_await find_coordinator(world, wire, "group", true);
            transaction_client me(wire, "mine", GetParam());
            EXPECT_EQ(co_await me.init(), error_code::none);
            co_await what(world, wire, me);
        });
    }

    void lose_power() {
        broker_node_.power_loss();
        universe_.run(broker_node_.until_stopped());
    }

    /// Adds the topic if this version has to, and sends.
    static awaitable<error_code> write(transaction_client& by,
                                       std::string topic,
                                       std::string value) {
        if (GetParam() == spoken_version::one) {
            const error_code added = co_await by.add(topic);
            if (added != error_code::none) co_return added;
        }
        co_return co_await by.send(topic, value);
    }
};

INSTANTIATE_TEST_SUITE_P(both_versions,
                         transactions,
                         testing::Values(spoken_version::one, spoken_version::two),
                         [](const auto& version) {
                             return version.param == spoken_version::one ? "one" : "two";
                         });

TEST_P(transactions, a_commit_shows_all_partitions_and_nothing_before_it) {
    act([](environment& world, wire_client& wire, transaction_client& me) -> awaitable<void> {
        EXPECT_EQ(co_await write(me, "orders", "a"), error_code::none);
        me.sequence = 0;
        EXPECT_EQ(co_await write(me, "payments", "b"), error_code::none);
        EXPECT_THAT(co_await read_committed(wire, "orders"), IsEmpty());
        EXPECT_EQ(co_await me.end_patiently(world, true), error_code::none);
        co_await world.sleep_for(std::chrono::seconds(1));
        EXPECT_THAT(co_await read_committed(wire, "orders"), ElementsAre("a"));
        EXPECT_THAT(co_await read_committed(wire, "payments"), ElementsAre("b"));
    });
}

TEST_P(transactions, an_abort_is_never_read_and_what_follows_is) {
    act([](environment& world, wire_client& wire, transaction_client& me) -> awaitable<void> {
        EXPECT_EQ(co_await write(me, "orders", "aborted"), error_code::none);
        EXPECT_EQ(co_await me.end_patiently(world, false), error_code::none);
        co_await world.sleep_for(std::chrono::seconds(1));
        EXPECT_EQ(co_await write(me, "orders", "committed"), error_code::none);
        EXPECT_EQ(co_await me.end_patiently(world, true), error_code::none);
        co_await world.sleep_for(std::chrono::seconds(1));
        EXPECT_THAT(co_await read_committed(wire, "orders"), ElementsAre("committed"));
    });
}

TEST_P(transactions, a_second_producer_of_the_id_fences_the_first) {
    act([](environment& world, wire_client& wire, transaction_client& me) -> awaitable<void> {
        EXPECT_EQ(co_await write(me, "orders", "of a zombie"), error_code::none);
        transaction_client other(wire, "mine", GetParam());
        while (co_await other.init() == error_code::concurrent_transactions) {
            co_await world.sleep_for(std::chrono::milliseconds(50));
        }
        EXPECT_EQ(co_await me.send("orders", "later"), error_code::invalid_producer_epoch);
        EXPECT_EQ(co_await me.end(true), error_code::producer_fenced);
        EXPECT_EQ(co_await write(other, "orders", "of the new one"), error_code::none);
        EXPECT_EQ(co_await other.end_patiently(world, true), error_code::none);
        co_await world.sleep_for(std::chrono::seconds(1));
        EXPECT_THAT(co_await read_committed(wire, "orders"), ElementsAre("of the new one"));
    });
}

TEST_P(transactions, a_decision_survives_power_loss_and_is_carried_out) {
    act([](environment&, wire_client&, transaction_client& me) -> awaitable<void> {
        EXPECT_EQ(co_await write(me, "orders", "a"), error_code::none);
        EXPECT_EQ(co_await me.end(true), error_code::none);
    });
    lose_power();
    act([](environment& world, wire_client& wire, transaction_client&) -> awaitable<void> {
        co_await world.sleep_for(std::chrono::seconds(1));
        EXPECT_THAT(co_await read_committed(wire, "orders"), ElementsAre("a"));
    });
}

TEST_P(transactions, one_left_open_is_aborted_when_its_time_is_over) {
    act([](environment& world, wire_client& wire, transaction_client& me) -> awaitable<void> {
        EXPECT_EQ(co_await write(me, "orders", "forgotten"), error_code::none);
        EXPECT_EQ(co_await end_of(wire, "orders"), 1);
        co_await world.sleep_for(std::chrono::seconds(80));
        EXPECT_THAT(co_await read_committed(wire, "orders"), IsEmpty());
        EXPECT_EQ(co_await end_of(wire, "orders"), 2);
        // By its epoch the second version takes it for a repetition, which says something else.
        EXPECT_EQ(co_await me.end(true),
                  GetParam() == spoken_version::one ? error_code::producer_fenced
                                                    : error_code::invalid_txn_state);
    });
}

TEST_P(transactions, offsets_count_once_the_transaction_is_committed) {
    act([](environment& world, wire_client& wire, transaction_client& me) -> awaitable<void> {
        if (GetParam() == spoken_version::one) {
            EXPECT_EQ(co_await me.add_offsets("group"), error_code::none);
        }
        EXPECT_EQ(co_await me.commit_offset("group", "orders", 7), error_code::none);
        EXPECT_EQ((co_await fetch_offset(wire, "group", "orders", true)).error,
                  error_code::unstable_offset_commit);
        EXPECT_EQ((co_await fetch_offset(wire, "group", "orders", false)).at, -1);
        EXPECT_EQ(co_await me.end_patiently(world, true), error_code::none);
        co_await world.sleep_for(std::chrono::seconds(1));
        EXPECT_EQ((co_await fetch_offset(wire, "group", "orders", true)).at, 7);
    });
    lose_power();
    act([](environment&, wire_client& wire, transaction_client&) -> awaitable<void> {
        EXPECT_EQ((co_await fetch_offset(wire, "group", "orders", true)).at, 7);
    });
}

TEST_P(transactions, offsets_of_an_open_transaction_stay_undecided_over_power_loss) {
    act([](environment&, wire_client&, transaction_client& me) -> awaitable<void> {
        if (GetParam() == spoken_version::one) {
            EXPECT_EQ(co_await me.add_offsets("group"), error_code::none);
        }
        EXPECT_EQ(co_await me.commit_offset("group", "orders", 7), error_code::none);
    });
    lose_power();
    play([](environment& world) -> awaitable<void> {
        auto wire = co_await connect(world);
        co_await find_coordinator(world, wire, "group", true);
        EXPECT_EQ((co_await fetch_offset(wire, "group", "orders", true)).error,
                  error_code::unstable_offset_commit);
        // Its successor has it aborted.
        transaction_client other(wire, "mine", GetParam());
        while (co_await other.init() == error_code::concurrent_transactions) {
            co_await world.sleep_for(std::chrono::milliseconds(50));
        }
        const auto found = co_await fetch_offset(wire, "group", "orders", true);
        EXPECT_EQ(found.error, error_code::none);
        EXPECT_EQ(found.at, -1);
    });
}

TEST_P(transactions, tools_see_an_open_one_and_can_abort_it) {
    act([](environment&, wire_client& wire, transaction_client& me) -> awaitable<void> {
        EXPECT_EQ(co_await write(me, "orders", "a"), error_code::none);
        const auto listed = co_await wire.ask<messages::list_transactions_response>(
            messages::list_transactions_request{.state_filters = {"Ongoing"}}, 1);
        EXPECT_EQ(listed.transaction_states.at(0).transactional_id, "mine");
        const auto described = co_await wire.ask<messages::describe_transactions_response>(
            messages::describe_transactions_request{.transactional_ids = {"mine", "unheard"}}, 0);
        EXPECT_EQ(described.transaction_states.at(0).topics.at(0).topic, "orders");
        EXPECT_EQ(error_code(described.transaction_states.at(1).error_code),
                  error_code::transactional_id_not_found);
        messages::describe_producers_request producers;
        producers.topics.push_back({.name = "orders", .partition_indexes = {0}});
        const auto writing = co_await wire.ask<messages::describe_producers_response>(producers, 0);
        const auto& open = writing.topics.at(0).partitions.at(0).active_producers.at(0);
        EXPECT_EQ(open.producer_id, me.producer);
        EXPECT_EQ(open.current_txn_start_offset, 0);
        messages::write_txn_markers_request abort;
        abort.markers.push_back({.producer_id = me.producer, .producer_epoch = me.epoch});
        abort.markers[0].topics.push_back({.name = "orders", .partition_indexes = {0}});
        const auto ended = co_await wire.ask<messages::write_txn_markers_response>(abort, 1);
        EXPECT_EQ(ended.markers.at(0).topics.at(0).partitions.at(0).error_code, 0);
        EXPECT_THAT(co_await read_committed(wire, "orders"), IsEmpty());
    });
}

using transactions_of_old = transactions;
INSTANTIATE_TEST_SUITE_P(version_one, transactions_of_old, testing::Values(spoken_version::one));

TEST_P(transactions_of_old, a_partition_that_was_not_added_takes_nothing) {
    act([](environment&, wire_client& wire, transaction_client& me) -> awaitable<void> {
        EXPECT_EQ(co_await me.send("orders", "a"), error_code::transaction_abortable);
        EXPECT_EQ(co_await end_of(wire, "orders"), 0);
    });
}

TEST_P(transactions_of_old, a_late_batch_after_the_abort_opens_no_transaction) {
    act([](environment& world, wire_client& wire, transaction_client& me) -> awaitable<void> {
        EXPECT_EQ(co_await write(me, "orders", "a"), error_code::none);
        EXPECT_EQ(co_await me.end_patiently(world, false), error_code::none);
        co_await world.sleep_for(std::chrono::seconds(1));
        EXPECT_EQ(co_await me.send("orders", "late"), error_code::transaction_abortable);
        EXPECT_EQ(co_await end_of(wire, "orders"), 2);
    });
}

TEST_P(transactions_of_old, partitions_are_added_all_or_none) {
    act([](environment&, wire_client&, transaction_client& me) -> awaitable<void> {
        EXPECT_EQ(co_await me.add("nowhere"), error_code::unknown_topic_or_partition);
        EXPECT_EQ(co_await me.end(true), error_code::invalid_txn_state);
    });
}

using transactions_of_new = transactions;
INSTANTIATE_TEST_SUITE_P(version_two, transactions_of_new, testing::Values(spoken_version::two));

TEST_P(transactions_of_new, a_late_batch_of_the_transaction_before_is_fenced) {
    act([](environment& world, wire_client& wire, transaction_client& me) -> awaitable<void> {
        EXPECT_EQ(co_await write(me, "orders", "a"), error_code::none);
        transaction_client late = me;
        EXPECT_EQ(co_await me.end_patiently(world, true), error_code::none);
        EXPECT_EQ(me.epoch, late.epoch + 1);
        co_await world.sleep_for(std::chrono::seconds(1));
        EXPECT_EQ(co_await late.send("orders", "late"), error_code::invalid_producer_epoch);
        EXPECT_EQ(co_await write(me, "orders", "b"), error_code::none);
        EXPECT_EQ(co_await me.end_patiently(world, true), error_code::none);
        co_await world.sleep_for(std::chrono::seconds(1));
        EXPECT_THAT(co_await read_committed(wire, "orders"), ElementsAre("a", "b"));
    });
}

}  // namespace
}  // namespace verdikt::broker::server
