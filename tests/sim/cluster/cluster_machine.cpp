#include "tests/sim/cluster/cluster_machine.h"

#include "runtime/scope.h"

#include <fmt/format.h>

#include <exception>

namespace verdikt::tests {

using runtime::awaitable;

std::string cluster_host(int number) {
    return fmt::format("b{}", number);
}

std::vector<std::string> cluster_addresses() {
    std::vector<std::string> all;
    for (int number = 1; number <= cluster_size; ++number)
        all.push_back(cluster_host(number) + ":9092");
    return all;
}

cluster_machine::cluster_machine(int number) : number_(number) {
    std::string voters;
    for (int each = 1; each <= cluster_size; ++each)
        voters += fmt::format("{}{}@{}:9093", each == 1 ? "" : ",", each, cluster_host(each));
    set("node.id", fmt::format("{}", number));
    set("cluster.id", "storm");
    set("process.roles", "broker,controller");
    set("controller.quorum.voters", voters);
    set("controller.listener.names", "CONTROLLER");
    set("listeners",
        fmt::format("PLAINTEXT://{0}:9092,CONTROLLER://{0}:9093", cluster_host(number)));
    set("log.dirs", "/data");
    set("num.partitions", "3");
    set("default.replication.factor", "3");
    set("min.insync.replicas", "2");
    set("offsets.topic.replication.factor", "3");
    set("offsets.topic.num.partitions", "2");
    set("group.initial.rebalance.delay.ms", "100");
    set("transaction.state.log.num.partitions", "2");
    set("transaction.state.log.replication.factor", "3");
    set("transaction.state.log.min.isr", "2");
    set("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
}

const broker::server::node_services* cluster_machine::services() const {
    if (live_ == nullptr || machine == nullptr || !machine->running()) return nullptr;
    return &live_->services();
}

awaitable<void> cluster_machine::run(runtime::environment& world) {
    broker::server::broker node(world, config_);
    std::exception_ptr cut_short;
    try {
        co_await serve(world, node);
    } catch (...) {
        cut_short = std::current_exception();
    }
    live_ = nullptr;
    co_await node.stop();
    if (cut_short) std::rethrow_exception(cut_short);
}

awaitable<void> cluster_machine::serve(runtime::environment& world, broker::server::broker& node) {
    runtime::scope serving(world.get_executor());
    serving.spawn(end_when_requested(serving));
    serving.spawn(start_and_watch(node, serving));
    co_await serving.join();
}

awaitable<void> cluster_machine::end_when_requested(runtime::scope& serving) {
    co_await stop_requested_.wait();
    ++clean_ends_;
    serving.cancel();
}

awaitable<void> cluster_machine::start_and_watch(broker::server::broker& node,
                                                 runtime::scope& serving) {
    const auto started = co_await node.start();
    if (started) {
        live_ = &node;
        failures_.push_back(
            fmt::format("node {} failed: {}", number_, co_await node.until_failed()));
    } else {
        failures_.push_back(fmt::format("node {} does not start: {}", number_, started.error()));
    }
    serving.cancel();
}

}  // namespace verdikt::tests
