// Transactions through a storm: a read_committed reader sees whole ones only.
#include "tests/sim/client/client_storm.h"
#include "tests/sim/client/log_listing.h"
#include "tests/sim/client_programs/report.h"
#include "tests/sim/client_programs/restless_transactor.h"
#include "tests/sim/client_programs/transaction_reader.h"
#include "tests/sim/for_each_seed.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <list>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using runtime::awaitable;
using runtime::environment;

struct transaction_storm_outcome {
    transaction_history history;
    found_transactions found;
    std::uint64_t power_losses = 0;
    std::vector<std::string> wrong;
    std::vector<std::string> listing;  ///< Of the logs, where something is wrong.
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

    transaction_storm_outcome run() {
        storm_.universe.run(drive());
        for (runtime::sim::node* const each : machines_) {
            if (each->failure()) std::rethrow_exception(each->failure());
        }
        outcome_.power_losses = storm_.count(trouble::broker_power_loss);
        judge();
        return std::move(outcome_);
    }

  private:
    void judge() {
        std::vector<std::string>& wrong = outcome_.wrong;
        wrong = outcome_.history.judge(outcome_.found.records);
        for (const auto& [program, found] : outcome_.found.offsets) {
            const auto complaint = outcome_.history.judge_offset(program, found);
            if (complaint) wrong.push_back(*complaint);
        }
        if (outcome_.found.anything_open) wrong.emplace_back("a transaction stays open for ever");
        if (!wrong.empty()) storm_.universe.run(look_into_logs());
    }

    awaitable<void> look_into_logs() {
        storm_.broker.crash();
        co_await storm_.broker.until_stopped();
        storm_.broker.start([this](environment& world) { return list(world); });
        co_await storm_.broker.until_stopped();
    }

    awaitable<void> list(environment& world) {
        auto listing = list_logs(world, {"t-0", "t-1", "t-2"});
        outcome_.listing = co_await std::move(listing);
    }

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
        outcome_.found = co_await read_transactions(
            world, client_storm::client_config(), plan_.topic, static_cast<int>(machines_.size()));
    }

    client_storm storm_;
    runtime::sim::node& reader_;
    transactor_plan plan_;
    transaction_storm_outcome outcome_;
    std::list<restless_transactor> programs_;
    std::vector<runtime::sim::node*> machines_;
};

TEST(transaction_storm, a_reader_of_what_is_committed_sees_whole_transactions_only) {
    std::size_t committed = 0;
    std::size_t aborted = 0;
    std::size_t unknown = 0;
    std::uint64_t power_losses = 0;
    runtime::sim::for_each_seed(60, [&](std::uint64_t seed) {
        const transaction_storm_outcome outcome = transaction_storm(seed).run();
        report(outcome.wrong);
        for (const std::string& line : outcome.listing) fmt::print("{}\n", line);
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
