#include "workloads/exactly_once/exactly_once.h"

#include "runtime/scope.h"
#include "workloads/exactly_once/eos_feeder.h"
#include "workloads/exactly_once/eos_final_reader.h"
#include "workloads/exactly_once/eos_instance.h"
#include "workloads/topics.h"

#include <algorithm>
#include <list>
#include <utility>

namespace verdikt::workloads {

using runtime::awaitable;

namespace {

class exactly_once final : public workload {
  public:
    exactly_once(runtime::environment& world, exactly_once_options plan, recorder& history)
        : world_(world),
          plan_(std::move(plan)),
          history_(history),
          random_(plan_.load.seed),
          feeder_(world_, plan_, history_, random_.fork()) {
        // At least two, so that there is somebody to take over; more than partitions are idle.
        const std::int32_t wanted =
            std::clamp(plan_.load.concurrency - 1, 2, plan_.load.partitions + 1);
        for (std::int32_t each = 0; each < wanted; ++each) {
            instances_.emplace_back(
                world_, plan_, board_, history_, static_cast<std::size_t>(each), random_.fork());
        }
    }

    [[nodiscard]] aims fault_aims() const override {
        aims made{.groups = {plan_.group}};
        for (const auto* topic : {&plan_.input, &plan_.output}) {
            for (const auto& each : partitions_of(plan_, *topic)) made.partitions.push_back(each);
        }
        if (!plan_.load.transactional()) return made;
        for (const eos_instance& each : instances_) {
            made.transactional_ids.push_back(each.transactional_id());
        }
        return made;
    }

    awaitable<std::expected<void, std::string>> set_up(runtime::instant deadline) override {
        open_operation op = history_.begin(history_.fresh_process(), "topics", {});
        std::vector<client::new_topic> topics{topic_of(plan_.load, plan_.input),
                                              topic_of(plan_.load, plan_.output)};
        auto made = co_await make_topics(world_, plan_.load, std::move(topics), deadline);
        op.value.clear();
        op.value.open_map();
        op.value.add_keyword("input");
        op.value.add(keys_of(plan_, partitions_of(plan_, plan_.input)).view());
        op.value.add_keyword("output");
        op.value.add(keys_of(plan_, partitions_of(plan_, plan_.output)).view());
        op.value.close();
        op.end(made ? checker::history::op_type::ok : checker::history::op_type::info);
        co_return made;
    }

    awaitable<void> run(runtime::instant until) override {
        runtime::scope running(world_.get_executor());
        running.spawn(feeder_.run(until));
        for (eos_instance& each : instances_) running.spawn(each.run(until));
        co_await running.join();
    }

    awaitable<void> finish(runtime::instant deadline) override {
        eos_final_reader reader(world_, plan_, history_);
        co_await reader.run(deadline);
    }

    std::size_t crash_clients() override {
        std::size_t crashed = feeder_.crash() ? 1 : 0;
        for (eos_instance& each : instances_) crashed += each.crash() ? 1 : 0;
        return crashed;
    }

  private:
    runtime::environment& world_;
    exactly_once_options plan_;
    recorder& history_;
    runtime::random_source random_;
    eos_board board_;
    eos_feeder feeder_;
    std::list<eos_instance> instances_;
};

}  // namespace

std::unique_ptr<workload> make_exactly_once(runtime::environment& world,
                                            exactly_once_options plan,
                                            recorder& history) {
    return std::make_unique<exactly_once>(world, std::move(plan), history);
}

}  // namespace verdikt::workloads
