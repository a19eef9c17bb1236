#include "tests/sim/cluster/cluster_machine.h"

#include "broker/storage/log_directory.h"
#include "runtime/scope.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

namespace verdikt::tests {

using runtime::awaitable;

std::string cluster_host(int number) {
    return fmt::format("b{}", number);
}

std::vector<std::string> cluster_addresses(const cluster_shape& shape) {
    std::vector<std::string> all;
    for (int number = 1; number <= shape.brokers; ++number)
        all.push_back(cluster_host(number) + ":9092");
    return all;
}

cluster_machine::cluster_machine(runtime::sim::world& universe,
                                 const cluster_shape& shape,
                                 int number)
    : number_(number), machine_(universe.add_node(cluster_host(number))) {
    disks_.push_back(&machine_.disk());
    if (shape.two_directories) disks_.push_back(&machine_.add_disk("/more"));
    configure(shape);
}

void cluster_machine::configure(const cluster_shape& shape) {
    std::string voters;
    for (int each = 1; each <= shape.controllers; ++each)
        voters += fmt::format("{}{}@{}:9093", each == 1 ? "" : ",", each, cluster_host(each));
    const bool controls = number_ <= shape.controllers;
    const std::string host = cluster_host(number_);
    set("node.id", fmt::format("{}", number_));
    set("cluster.id", "storm");
    set("process.roles", controls ? "broker,controller" : "broker");
    set("controller.quorum.voters", voters);
    set("controller.listener.names", "CONTROLLER");
    set("listeners",
        controls ? fmt::format("PLAINTEXT://{0}:9092,CONTROLLER://{0}:9093", host)
                 : fmt::format("PLAINTEXT://{}:9092", host));
    set("log.dirs", shape.two_directories ? "/data,/more/data" : "/data");
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
    set("log.dir.reserved.bytes", "20000");
}

void cluster_machine::start() {
    machine_.start([this](runtime::environment& world) { return run(world); });
}

void cluster_machine::stop_cleanly() {
    stop_requested_.notify_all();
}

bool cluster_machine::is_maimed() const {
    const auto* const here = services();
    if (here == nullptr || phase_ != phase::serving) return false;
    const auto online =
        std::ranges::count_if(here->directories, [](const auto* each) { return each->online(); });
    return static_cast<std::size_t>(online) < disks_.size();
}

const broker::server::node_services* cluster_machine::services() const {
    if (live_ == nullptr || !machine_.running()) return nullptr;
    return &live_->services();
}

awaitable<void> cluster_machine::run(runtime::environment& world) {
    phase_ = phase::starting;
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
    if (phase_ == phase::stopping) ++clean_ends_;
}

awaitable<void> cluster_machine::serve(runtime::environment& world, broker::server::broker& node) {
    runtime::scope serving(world.get_executor());
    serving.spawn(end_when_requested(serving));
    serving.spawn(start_and_watch(node, serving));
    co_await serving.join();
}

awaitable<void> cluster_machine::end_when_requested(runtime::scope& serving) {
    co_await stop_requested_.wait();
    phase_ = phase::stopping;
    serving.cancel();
}

awaitable<void> cluster_machine::start_and_watch(broker::server::broker& node,
                                                 runtime::scope& serving) {
    const auto started = co_await node.start();
    if (started) {
        live_ = &node;
        phase_ = phase::serving;
        failures_.push_back(
            fmt::format("node {} failed: {}", number_, co_await node.until_failed()));
    } else {
        failures_.push_back(fmt::format("node {} does not start: {}", number_, started.error()));
    }
    serving.cancel();
}

}  // namespace verdikt::tests
