#include "workloads/queue/queue.h"

#include "workloads/queue/queue_final_reader.h"
#include "workloads/queue/queue_worker.h"
#include "workloads/topics.h"

#include <list>
#include <utility>

namespace verdikt::workloads {

using runtime::awaitable;

namespace {

class queue final : public workload {
  public:
    queue(runtime::environment& world, queue_options plan, recorder& history)
        : world_(world), plan_(std::move(plan)), history_(history) {
        const auto partitions = static_cast<std::size_t>(plan_.load.partitions);
        board_.next_value.assign(partitions, 0);
        board_.highest_polled.assign(partitions, -1);
        runtime::random_source seeds(plan_.load.seed);
        const auto concurrency = static_cast<std::size_t>(plan_.load.concurrency);
        for (std::size_t each = 0; each < concurrency; ++each) {
            workers_.emplace_back(world_, plan_, board_, history_, each, seeds.fork());
        }
    }

    [[nodiscard]] aims fault_aims() const override {
        aims found{.groups = {plan_.group}};
        for (std::int32_t each = 0; each < plan_.load.partitions; ++each) {
            found.partitions.push_back(
                {.topic = plan_.topic, .partition = kafka::partition_index(each)});
        }
        for (std::size_t each = 0; each < workers_.size(); ++each) {
            if (plan_.is_transactional(each)) {
                found.transactional_ids.push_back(plan_.transactional_id(each));
            }
        }
        return found;
    }

    awaitable<std::expected<void, std::string>> set_up(runtime::instant deadline) override {
        std::vector<client::new_topic> topics{topic_of(plan_.load, plan_.topic)};
        return make_topics(world_, plan_.load, std::move(topics), deadline);
    }

    awaitable<void> run(runtime::instant until) override {
        runtime::scope running(world_.get_executor());
        for (queue_worker& each : workers_) running.spawn(each.run(until));
        co_await running.join();
    }

    awaitable<void> finish(runtime::instant deadline) override {
        queue_final_reader reader(world_, plan_, history_);
        co_await reader.run(deadline);
    }

    std::size_t crash_clients() override {
        std::size_t crashed = 0;
        for (queue_worker& each : workers_) crashed += each.crash() ? 1 : 0;
        return crashed;
    }

  private:
    runtime::environment& world_;
    queue_options plan_;
    recorder& history_;
    queue_board board_;
    std::list<queue_worker> workers_;
};

}  // namespace

std::unique_ptr<workload> make_queue(runtime::environment& world,
                                     queue_options plan,
                                     recorder& history) {
    return std::make_unique<queue>(world, std::move(plan), history);
}

}  // namespace verdikt::workloads
