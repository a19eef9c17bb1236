#include "workloads/groups/groups.h"

#include "client/closing.h"
#include "client/producer.h"
#include "runtime/scope.h"
#include "workloads/clients.h"
#include "workloads/groups/group_member.h"
#include "workloads/queue/micro_operations.h"
#include "workloads/topics.h"

#include <fmt/format.h>

#include <algorithm>
#include <list>
#include <utility>
#include <variant>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using checker::history::op_type;
using runtime::awaitable;

namespace {

constexpr runtime::duration rest_after_life = 100ms;
constexpr double sends_a_second = 30;

class groups final : public workload {
  public:
    groups(runtime::environment& world, groups_options plan, recorder& history)
        : world_(world), plan_(std::move(plan)), history_(history), random_(plan_.load.seed) {
        // One more than there are partitions, so that somebody always waits for one.
        const std::int32_t wanted =
            std::clamp(plan_.load.concurrency, 2, plan_.load.partitions + 1);
        for (std::int32_t each = 0; each < wanted; ++each) {
            seats_.emplace_back(each % 3 == 0 ? fmt::format("static-{}", each) : std::string(),
                                random_.fork());
        }
        next_value_.assign(static_cast<std::size_t>(plan_.load.partitions), 0);
    }

    [[nodiscard]] aims fault_aims() const override {
        aims made{.groups = {plan_.group}};
        for (std::int32_t each = 0; each < plan_.load.partitions; ++each) {
            made.partitions.push_back(
                {.topic = plan_.topic, .partition = kafka::partition_index(each)});
        }
        return made;
    }

    awaitable<std::expected<void, std::string>> set_up(runtime::instant deadline) override {
        std::vector<client::new_topic> topics{topic_of(plan_.load, plan_.topic)};
        co_return co_await make_topics(world_, plan_.load, std::move(topics), deadline);
    }

    awaitable<void> run(runtime::instant until) override {
        runtime::scope running(world_.get_executor());
        running.spawn(feed(until));
        for (seat& each : seats_) running.spawn(fill(each, until));
        co_await running.join();
    }

    awaitable<void> finish(runtime::instant deadline) override {
        group_member last(world_, plan_, history_, {}, random_.fork());
        co_await last.look_at_all(deadline);
    }

    std::size_t crash_clients() override {
        std::size_t crashed = 0;
        for (seat& each : seats_) {
            if (!each.living || each.living->running() == 0) continue;
            each.living->cancel();
            ++crashed;
        }
        return crashed;
    }

  private:
    /// One member after the other; a static one is the same member in each life.
    struct seat {
        seat(std::string name, runtime::random_source chance)
            : instance(std::move(name)), random(chance) {}

        std::string instance;
        runtime::random_source random;
        std::optional<runtime::scope> living;
    };

    awaitable<void> fill(seat& here, runtime::instant until) {
        while (world_.now() < until) {
            here.living.emplace(world_.get_executor());
            here.living->spawn(live(here, until));
            co_await here.living->join();
            co_await world_.sleep_for(rest_after_life);
        }
    }

    awaitable<void> live(seat& here, runtime::instant until) {
        group_member member(world_, plan_, history_, here.instance, here.random.fork());
        co_await member.live(until);
    }

    awaitable<void> feed(runtime::instant until) {
        client::producer writer(world_, producer_settings(plan_.load, "feeder"));
        co_await client::use_and_close(writer, send_all(writer, until));
    }

    awaitable<void> send_all(client::producer& writer, runtime::instant until) {
        std::int64_t process = history_.fresh_process();
        while (world_.now() < until) {
            const bool certain = co_await send(writer, process);
            if (!certain) process = history_.fresh_process();
            const auto pause = random_.between(0, static_cast<std::int64_t>(2e9 / sends_a_second));
            co_await world_.sleep_for(runtime::duration(pause));
        }
    }

    /// False if nobody knows whether it was written.
    awaitable<bool> send(client::producer& writer, std::int64_t process) {
        const auto to = static_cast<std::int32_t>(random_.between(0, plan_.load.partitions - 1));
        const std::int64_t value = next_value_[static_cast<std::size_t>(to)]++;
        std::vector<micro_operation> what{{.partition = to, .value = value}};
        open_operation op = history_.begin(process, "send", value_of(what));
        const std::string text = fmt::format("{}", value);
        client::producer_record record{.topic = plan_.topic,
                                       .partition = kafka::partition_index(to),
                                       .value = client::as_bytes(text)};
        const client::delivery outcome = co_await writer.send(record);
        op_type type = op_type::fail;
        if (const auto* told = std::get_if<client::delivered>(&outcome)) {
            type = op_type::ok;
            what.front().offset = told->offset.value();
            op.value = value_of(what);
        } else if (std::holds_alternative<client::unknown>(outcome)) {
            type = op_type::info;
        }
        op.end(type);
        co_return type != op_type::info;
    }

    runtime::environment& world_;
    groups_options plan_;
    recorder& history_;
    runtime::random_source random_;
    std::list<seat> seats_;
    std::vector<std::int64_t> next_value_;
};

}  // namespace

std::unique_ptr<workload> make_groups(runtime::environment& world,
                                      groups_options plan,
                                      recorder& history) {
    return std::make_unique<groups>(world, std::move(plan), history);
}

}  // namespace verdikt::workloads
