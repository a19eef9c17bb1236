// Transactions through a storm: a read_committed reader sees whole ones only.
#include "client/admin.h"
#include "client/closing.h"
#include "client/consumer.h"
#include "tests/sim/client/client_storm.h"
#include "tests/sim/client/restless_transactor.h"
#include "tests/sim/for_each_seed.h"
#include "tests/sim/sending/report.h"

#include <gtest/gtest.h>

#include <list>
#include <stdexcept>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using runtime::awaitable;
using runtime::environment;

template <typename T>
T value_or_throw(client::result<T> outcome) {
    if (!outcome) throw std::runtime_error("reading failed: " + outcome.error().message());
    return std::move(*outcome);
}

struct storm_outcome {
    transaction_history history;
    std::vector<found_transactional> found;
    std::map<int, std::optional<int>> offsets;
    bool anything_open = false;
    std::uint64_t power_losses = 0;
};

class transaction_storm {
  public:
    explicit transaction_storm(std::uint64_t seed)
        : storm_(seed), reader_(storm_.universe.add_node("reader")) {
        storm_.set("transaction.state.log.num.partitions", "2");
        storm_.set("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
        storm_.start_broker();
        // The first two are rivals.
        const std::vector<std::string> ids{"shared", "shared", "alone"};
        for (int index = 0; index < 3; ++index) {
            restless_transactor& program =
                programs_.emplace_back(index, ids.at(index), plan_, outcome_.history);
            machines_.push_back(&storm_.add_client("transactor-" + std::to_string(index), true));
            machines_.back()->start([&program](environment& world) { return program.run(world); });
        }
    }

    storm_outcome run() {
        storm_.universe.run(drive());
        for (runtime::sim::node* const each : machines_) {
            if (each->failure()) std::rethrow_exception(each->failure());
        }
        outcome_.power_losses = storm_.count(trouble::broker_power_loss);
        return std::move(outcome_);
    }

  private:
    awaitable<void> drive() {
        co_await storm_.rage(15s);
        plan_.calm = true;
        for (runtime::sim::node* const each : machines_) co_await each->until_stopped();
        co_await storm_.cut_the_power();
        // What was left open is aborted by its coordinator within the longest timeout.
        co_await storm_.universe.sleep_for(10s);
        reader_.start([this](environment& world) { return read(world); });
        co_await reader_.until_stopped();
        if (reader_.failure()) std::rethrow_exception(reader_.failure());
    }

    awaitable<void> read(environment& world) {
        client::client_config config = client_storm::client_config();
        config.auto_offset_reset = "earliest";
        config.isolation_level = "read_committed";
        client::consumer committed(world, config);
        co_await client::use_and_close(committed, read_all(committed));
        config.isolation_level = "read_uncommitted";
        client::consumer all(world, config);
        co_await client::use_and_close(all, compare_ends(all));
        client::admin asking(world, client_storm::client_config());
        co_await client::use_and_close(asking, read_offsets(asking));
    }

    awaitable<void> read_all(client::consumer& from) {
        auto asking = from.partitions_of(plan_.topic);
        const auto partitions = value_or_throw(co_await std::move(asking));
        auto ending = from.end_offsets(partitions);
        ends_ = value_or_throw(co_await std::move(ending));
        if (const auto assigned = from.assign(partitions); !assigned) {
            throw std::runtime_error(assigned.error().message());
        }
        for (int polls = 0;; ++polls) {
            if (polls > 10'000) throw std::runtime_error("the end of the topic is never reached");
            auto polling = from.poll(100ms);
            const auto records = value_or_throw(co_await std::move(polling));
            for (const client::consumed_record& each : records) {
                outcome_.found.push_back(
                    {.what = transactional_record::read(client::as_text(*each.value)),
                     .where = {plan_.topic, each.partition},
                     .offset = each.offset});
            }
            auto looking = is_at_end(from);
            if (co_await std::move(looking)) co_return;
        }
    }

    /// Markers end partitions, so positions tell and records do not.
    awaitable<bool> is_at_end(client::consumer& from) {
        for (const auto& [where, end] : ends_) {
            auto asking = from.position(where);
            if (value_or_throw(co_await std::move(asking)) < end) co_return false;
        }
        co_return true;
    }

    /// A transaction that nobody ends would hold the last stable offset back for ever.
    awaitable<void> compare_ends(client::consumer& from) {
        auto asking = from.partitions_of(plan_.topic);
        const auto partitions = value_or_throw(co_await std::move(asking));
        auto ending = from.end_offsets(partitions);
        outcome_.anything_open = value_or_throw(co_await std::move(ending)) != ends_;
    }

    awaitable<void> read_offsets(client::admin& asking) {
        for (int index = 0; index < static_cast<int>(machines_.size()); ++index) {
            auto listing = asking.list_group_offsets("group-" + std::to_string(index));
            const auto offsets = co_await std::move(listing);
            if (!offsets) throw std::runtime_error(offsets.error().message());
            auto& found = outcome_.offsets[index];
            for (const auto& [where, offset] : *offsets) {
                found = static_cast<int>(offset.offset.value());
            }
        }
    }

    client_storm storm_;
    runtime::sim::node& reader_;
    transactor_plan plan_;
    storm_outcome outcome_;
    std::map<client::topic_partition, kafka::offset> ends_;
    std::list<restless_transactor> programs_;
    std::vector<runtime::sim::node*> machines_;
};

TEST(transaction_storm, a_reader_of_what_is_committed_sees_whole_transactions_only) {
    std::size_t committed = 0;
    std::size_t aborted = 0;
    std::size_t unknown = 0;
    std::uint64_t power_losses = 0;
    runtime::sim::for_each_seed(60, [&](std::uint64_t seed) {
        const storm_outcome outcome = transaction_storm(seed).run();
        report(outcome.history.judge(outcome.found));
        for (const auto& [program, found] : outcome.offsets) {
            const auto wrong = outcome.history.judge_offset(program, found);
            EXPECT_FALSE(wrong.has_value()) << *wrong;
        }
        EXPECT_FALSE(outcome.anything_open);
        committed += outcome.history.count(transaction_fate::committed);
        aborted += outcome.history.count(transaction_fate::aborted);
        unknown += outcome.history.count(transaction_fate::unknown);
        power_losses += outcome.power_losses;
    });
    if (runtime::sim::seeds_from_environment(60).count < 60) return;
    EXPECT_GT(committed, 2'000U);
    EXPECT_GT(aborted, 500U);
    EXPECT_GT(unknown, 20U);
    EXPECT_GT(power_losses, 10U);
}

}  // namespace
}  // namespace verdikt::tests
