#include "tests/sim/workloads/workload_storm.h"

#include "broker/server/broker.h"
#include "runtime/scope.h"
#include "tests/sim/faults/fault_mix.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <stdexcept>

namespace verdikt::tests {

using namespace std::chrono_literals;
using runtime::awaitable;
using runtime::environment;

namespace {

constexpr runtime::duration prelude = 2s;

std::string host_of(int number) {
    return fmt::format("b{}", number);
}

}  // namespace

workload_storm::workload_storm(storm_form form, maker make)
    : form_(std::move(form)),
      make_(std::move(make)),
      universe_(form_.seed),
      clients_(universe_.add_node("clients")),
      history_(lines_, [this] { return universe_.now(); }) {
    for (int number = 1; number <= form_.brokers; ++number) add_broker(number);
}

workload_storm::~workload_storm() {
    universe_.end();
}

/// Faster than the defaults, so that a short storm sees much.
void workload_storm::add_broker(int number) {
    broker_machine& made = brokers_.emplace_back();
    made.machine = &universe_.add_node(host_of(number));
    std::vector<std::string> voters;
    for (int each = 1; each <= form_.brokers; ++each) {
        voters.push_back(fmt::format("{}@{}:9093", each, host_of(each)));
    }
    const std::string replicas = fmt::format("{}", std::min(form_.brokers, 3));
    const std::string host = host_of(number);
    const std::vector<std::pair<std::string, std::string>> base{
        {"node.id", fmt::format("{}", number)},
        {"cluster.id", "storm"},
        {"controller.quorum.voters", fmt::format("{}", fmt::join(voters, ","))},
        {"listeners", fmt::format("PLAINTEXT://{0}:9092,CONTROLLER://{0}:9093", host)},
        {"log.dirs", "/data"},
        {"default.replication.factor", replicas},
        {"min.insync.replicas", form_.brokers > 1 ? "2" : "1"},
        {"offsets.topic.replication.factor", replicas},
        {"offsets.topic.num.partitions", "2"},
        {"transaction.state.log.replication.factor", replicas},
        {"transaction.state.log.min.isr", form_.brokers > 1 ? "2" : "1"},
        {"transaction.state.log.num.partitions", "2"},
        {"broker.heartbeat.interval.ms", "500"},
        {"broker.session.timeout.ms", "3000"},
        {"replica.lag.time.max.ms", "3000"},
        {"log.dir.reserved.bytes", "20000"}};
    for (const auto& [key, value] : base) made.config.set(key, value);
    for (const auto& [key, value] : form_.settings) made.config.set(key, value);
}

void workload_storm::run() {
    for (broker_machine& each : brokers_) {
        each.machine->start([&each](environment& world) -> awaitable<void> {
            return [](environment& here, broker_machine& of) -> awaitable<void> {
                static_cast<void>(co_await broker::server::run_broker(here, of.config, of.stop));
            }(world, each);
        });
    }
    universe_.run_for(prelude);
    faults_end_ = universe_.now() + form_.span;
    clients_.start([this](environment& world) { return work(world); });
    universe_.run(break_things());
    if (clients_.failure()) std::rethrow_exception(clients_.failure());
}

awaitable<void> workload_storm::work(environment& world) {
    std::vector<std::string> servers;
    for (int each = 1; each <= form_.brokers; ++each) servers.push_back(host_of(each) + ":9092");
    workload_ = make_(world, std::move(servers), history_);
    const auto ready = co_await workload_->set_up(world.now() + 90s);
    if (!ready) throw std::runtime_error(ready.error());
    const auto until = std::max(faults_end_, world.now()) + form_.calm;
    co_await workload_->run(until);
    co_await workload_->finish(world.now() + 90s);
    workload_.reset();
}

awaitable<void> workload_storm::break_things() {
    std::vector<runtime::sim::node*> nodes;
    for (broker_machine& each : brokers_) nodes.push_back(each.machine);
    fault_mix faults(universe_, nodes);
    runtime::scope running(universe_.get_executor());
    running.spawn(faults.strike(faults_end_));
    running.spawn(crash_clients());
    co_await running.join();
    // A broker whose disk fails at last ends by itself.
    while (clients_.running()) {
        co_await universe_.sleep_for(500ms);
        for (runtime::sim::node* const each : nodes) {
            if (!each->running()) each->restart();
        }
    }
}

awaitable<void> workload_storm::crash_clients() {
    while (universe_.now() < faults_end_) {
        co_await universe_.sleep_for(form_.between_crashes);
        if (workload_) static_cast<void>(workload_->crash_clients());
    }
}

}  // namespace verdikt::tests
