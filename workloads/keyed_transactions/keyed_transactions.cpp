#include "workloads/keyed_transactions/keyed_transactions.h"

#include "runtime/scope.h"
#include "workloads/keyed_transactions/key_board.h"
#include "workloads/keyed_transactions/key_final_reader.h"
#include "workloads/keyed_transactions/key_reader.h"
#include "workloads/keyed_transactions/key_writer.h"
#include "workloads/topics.h"

#include <algorithm>
#include <list>
#include <utility>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using runtime::awaitable;

namespace {

constexpr runtime::duration between_looks_at_keys = 200ms;

class keyed_transactions final : public workload {
  public:
    keyed_transactions(runtime::environment& world, keyed_options plan, recorder& history)
        : world_(world),
          plan_(std::move(plan)),
          history_(history),
          board_(plan_.load.partitions, plan_.writes_max) {
        runtime::random_source seeds(plan_.load.seed);
        // One of each at least.
        const std::int32_t processes = std::max(2, plan_.load.concurrency);
        for (std::int32_t each = 0; each < processes; ++each) {
            if (each % 2 == 0) {
                writers_.emplace_back(
                    world_, plan_, board_, history_, writers_.size(), seeds.fork());
            } else {
                readers_.emplace_back(world_, plan_, board_, history_, seeds.fork());
            }
        }
    }

    [[nodiscard]] aims fault_aims() const override {
        aims found;
        for (std::int32_t each = 0; each < plan_.load.partitions; ++each) {
            found.partitions.push_back(plan_.place_of(each));
        }
        if (!plan_.load.transactional()) return found;
        for (std::size_t each = 0; each < writers_.size(); ++each) {
            found.transactional_ids.push_back(plan_.transactional_id(each));
        }
        return found;
    }

    awaitable<std::expected<void, std::string>> set_up(runtime::instant deadline) override {
        return make_topic_of(0, deadline);
    }

    awaitable<void> run(runtime::instant until) override {
        runtime::scope running(world_.get_executor());
        for (key_writer& each : writers_) running.spawn(each.run(until));
        for (key_reader& each : readers_) running.spawn(each.run(until));
        running.spawn(provide_keys(until));
        co_await running.join();
    }

    awaitable<void> finish(runtime::instant deadline) override {
        key_final_reader reader(world_, plan_, history_);
        co_await reader.run(board_.keys(), deadline);
    }

    std::size_t crash_clients() override {
        std::size_t crashed = 0;
        for (key_writer& each : writers_) crashed += each.crash() ? 1 : 0;
        for (key_reader& each : readers_) crashed += each.crash() ? 1 : 0;
        return crashed;
    }

  private:
    awaitable<std::expected<void, std::string>> make_topic_of(std::int32_t key,
                                                              runtime::instant deadline) {
        std::vector<client::new_topic> topics{topic_of(plan_.load, plan_.topic_of(key))};
        return make_topics(world_, plan_.load, std::move(topics), deadline);
    }

    /// As long as the next ones are not there, those in use go on.
    awaitable<void> provide_keys(runtime::instant until) {
        while (world_.now() < until) {
            if (board_.wants_more()) {
                const auto made = co_await make_topic_of(board_.keys(), until);
                if (made) board_.add_keys();
            }
            co_await world_.sleep_for(between_looks_at_keys);
        }
    }

    runtime::environment& world_;
    keyed_options plan_;
    recorder& history_;
    key_board board_;
    std::list<key_writer> writers_;
    std::list<key_reader> readers_;
};

}  // namespace

std::unique_ptr<workload> make_keyed_transactions(runtime::environment& world,
                                                  keyed_options plan,
                                                  recorder& history) {
    return std::make_unique<keyed_transactions>(world, std::move(plan), history);
}

}  // namespace verdikt::workloads
