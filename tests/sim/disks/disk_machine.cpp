#include "tests/sim/disks/disk_machine.h"

#include "runtime/check.h"
#include "runtime/sim/directory_tree.h"

#include <fmt/format.h>

#include <exception>

namespace verdikt::tests {

using runtime::awaitable;

namespace {

std::string host_of(int number) {
    return fmt::format("b{}", number);
}

}  // namespace

std::vector<std::string> addresses_of_cluster() {
    std::vector<std::string> all;
    for (int number = 1; number <= brokers_of_cluster; ++number)
        all.push_back(host_of(number) + ":9092");
    return all;
}

disk_machine::disk_machine(runtime::sim::world& universe, int number, int directories)
    : number_(number), machine_(universe.add_node(host_of(number))) {
    std::string voters;
    for (int each = 1; each <= brokers_of_cluster; ++each)
        voters += fmt::format("{}{}@{}:9093", each == 1 ? "" : ",", each, host_of(each));
    std::string paths;
    for (int which = 0; which < directories; ++which) {
        disks_.push_back(&machine_.add_disk(directory(which)));
        paths += (which == 0 ? "" : ",") + directory(which).string();
    }
    set("node.id", fmt::format("{}", number));
    set("cluster.id", "disks");
    set("process.roles", "broker,controller");
    set("controller.quorum.voters", voters);
    set("controller.listener.names", "CONTROLLER");
    set("listeners", fmt::format("PLAINTEXT://{0}:9092,CONTROLLER://{0}:9093", host_of(number)));
    set("log.dirs", paths);
    set("num.partitions", "4");
    set("default.replication.factor", "3");
    set("min.insync.replicas", "2");
    set("offsets.topic.replication.factor", "3");
    set("offsets.topic.num.partitions", "1");
    set("log.dir.reserved.bytes", "65536");
}

std::filesystem::path disk_machine::directory(int which) const {
    return fmt::format("/disk-{}", which + 1);
}

void disk_machine::start() {
    machine_.start([this](runtime::environment& world) { return run(world); });
}

void disk_machine::restart_if_down() {
    if (!machine_.running()) machine_.restart();
}

void disk_machine::hang() {
    for (runtime::sim::disk* each : disks_) each->hang();
}

void disk_machine::thaw() {
    for (runtime::sim::disk* each : disks_) each->thaw();
}

void disk_machine::heal() {
    for (runtime::sim::disk* each : disks_) each->heal();
}

void disk_machine::replace_disk(int which) {
    CHECK(!machine_.running());
    runtime::sim::directory_tree& tree = disk(which).tree();
    (void)tree.remove_all(directory(which));
    (void)tree.sync_directory("/");
}

const broker::server::node_services* disk_machine::services() const {
    if (live_ == nullptr || !machine_.running()) return nullptr;
    return &live_->services();
}

awaitable<void> disk_machine::run(runtime::environment& world) {
    broker::server::broker node(world, config_);
    std::exception_ptr cut_short;
    try {
        co_await serve(node);
    } catch (...) {
        cut_short = std::current_exception();
    }
    live_ = nullptr;
    co_await node.stop();
    if (cut_short) std::rethrow_exception(cut_short);
}

awaitable<void> disk_machine::serve(broker::server::broker& node) {
    const auto started = co_await node.start();
    if (started) {
        live_ = &node;
        failures_.push_back(co_await node.until_failed());
    } else {
        failures_.push_back(started.error());
    }
}

}  // namespace verdikt::tests
