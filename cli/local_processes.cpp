#include "cli/local_processes.h"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <stdexcept>

namespace verdikt::cli {

namespace {

using nemesis::labs::local_cluster;
using nemesis::labs::local_node;

void write_properties(const local_cluster& cluster, const local_node& node) {
    std::filesystem::create_directories(node.folder);
    std::ofstream file(node.properties_file(), std::ios::trunc);
    file << properties_of(cluster, node);
    file.close();
    if (!file) throw std::runtime_error("cannot write " + node.properties_file().string());
}

}  // namespace

void local_processes::start(const nemesis::labs::local_cluster& cluster) {
    for (const local_node& node : cluster.nodes) write_properties(cluster, node);
    const std::filesystem::path program = runtime::real::own_program();
    for (const local_node& node : cluster.nodes) {
        const runtime::real::program_call call{
            .program = program,
            .arguments = {"broker", "--config", node.properties_file().string()},
            .output = node.log_file()};
        node_process& running = nodes_.emplace_back(node, world_.get_executor(), call);
        watching_.spawn(watch(running));
    }
}

runtime::awaitable<void> local_processes::watch(node_process& running) {
    const auto end = co_await running.process.wait_for_end();
    if (!ending_) ended_(running.node, end);
    changed_.notify_all();
}

std::size_t local_processes::running() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        nodes_, [](const node_process& each) { return !each.process.end(); }));
}

runtime::awaitable<void> local_processes::ask_to_end() {
    ending_ = true;
    for (node_process& each : nodes_) each.process.send_signal(SIGTERM);
    while (running() != 0) co_await changed_.wait();
}

runtime::awaitable<void> local_processes::kill() {
    ending_ = true;
    for (node_process& each : nodes_) each.process.send_signal(SIGKILL);
    co_await watching_.join();
}

}  // namespace verdikt::cli
