#include "workloads/mixed_durability/mixed_durability.h"

#include "workloads/mixed_durability/mixed_worker.h"
#include "workloads/queue/queue_final_reader.h"
#include "workloads/topics.h"

#include <list>
#include <utility>

namespace verdikt::workloads {

using runtime::awaitable;

namespace {

class mixed_durability final : public workload {
  public:
    mixed_durability(runtime::environment& world, mixed_durability_options plan, recorder& history)
        : world_(world), plan_(std::move(plan)), history_(history) {
        const auto partitions = static_cast<std::size_t>(plan_.load.partitions);
        board_.next_value.assign(partitions, 0);
        board_.highest_polled.assign(partitions, -1);
        runtime::random_source seeds(plan_.load.seed);
        for (std::int32_t each = 0; each < plan_.load.concurrency; ++each) {
            workers_.emplace_back(
                world_, plan_, board_, history_, static_cast<std::size_t>(each), seeds.fork());
        }
    }

    [[nodiscard]] aims fault_aims() const override {
        aims all;
        for (std::int32_t each = 0; each < plan_.load.partitions; ++each) {
            all.partitions.push_back(
                {.topic = plan_.topic, .partition = kafka::partition_index(each)});
        }
        return all;
    }

    awaitable<std::expected<void, std::string>> set_up(runtime::instant deadline) override {
        std::vector<client::new_topic> topics{topic_of(plan_.load, plan_.topic)};
        co_return co_await make_topics(world_, plan_.load, std::move(topics), deadline);
    }

    awaitable<void> run(runtime::instant until) override {
        runtime::scope running(world_.get_executor());
        for (mixed_worker& each : workers_) running.spawn(each.run(until));
        co_await running.join();
    }

    awaitable<void> finish(runtime::instant deadline) override {
        const queue_options reading{.load = plan_.load, .topic = plan_.topic};
        queue_final_reader reader(world_, reading, history_);
        co_await reader.run(deadline);
    }

    std::size_t crash_clients() override {
        std::size_t crashed = 0;
        for (mixed_worker& each : workers_) crashed += each.crash() ? 1 : 0;
        return crashed;
    }

  private:
    runtime::environment& world_;
    mixed_durability_options plan_;
    recorder& history_;
    mixed_board board_;
    std::list<mixed_worker> workers_;
};

}  // namespace

std::unique_ptr<workload> make_mixed_durability(runtime::environment& world,
                                                mixed_durability_options plan,
                                                recorder& history) {
    return std::make_unique<mixed_durability>(world, std::move(plan), history);
}

}  // namespace verdikt::workloads
