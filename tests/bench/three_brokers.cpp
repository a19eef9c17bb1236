#include "three_brokers.h"

#include "sample_data.h"
#include "wire_load.h"

#include "kafka/messages/create_topics.h"
#include "kafka/messages/metadata.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace verdikt::bench {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr auto look_interval = 5ms;
constexpr auto patience = 300s;
constexpr std::int16_t metadata_version = 9;
constexpr std::int16_t create_topics_version = 4;

[[noreturn]] void fail(const char* call) {
    throw std::system_error(errno, std::generic_category(), call);
}

/// All are held until all are chosen, so that none is chosen twice.
std::vector<std::uint16_t> free_ports(std::size_t count) {
    std::vector<std::uint16_t> ports;
    std::vector<int> held;
    for (std::size_t i = 0; i < count; ++i) {
        const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (socket < 0) fail("socket");
        held.push_back(socket);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof(address);
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        if (::bind(socket, generic, length) != 0) fail("bind");
        if (::getsockname(socket, generic, &length) != 0) fail("getsockname");
        ports.push_back(ntohs(address.sin_port));
    }
    for (const int socket : held) ::close(socket);
    return ports;
}

}  // namespace

three_brokers::three_brokers(std::filesystem::path directory, durability mode, placement where)
    : directory_(std::move(directory)),
      mode_(mode),
      processor_(where == placement::pinned ? processor_of_servers() : std::nullopt) {
    const std::vector<std::uint16_t> ports = free_ports(2 * size);
    std::copy_n(ports.begin(), size, ports_.begin());
    std::copy_n(ports.begin() + size, size, controller_ports_.begin());
    for (std::size_t node = 0; node < size; ++node) start(node);
    wait_until_active();
}

void three_brokers::start(std::size_t node) {
    std::vector<std::string> voters;
    for (std::size_t each = 0; each < size; ++each) {
        voters.push_back(fmt::format("{}@127.0.0.1:{}", each + 1, controller_ports_[each]));
    }
    std::vector<std::string> properties{
        fmt::format("node.id={}", node + 1),
        "cluster.id=dmVyZGlrdC1iZW5jaC0wMQ",
        "process.roles=broker,controller",
        fmt::format("listeners=PLAINTEXT://127.0.0.1:{},CONTROLLER://127.0.0.1:{}",
                    ports_[node],
                    controller_ports_[node]),
        "controller.listener.names=CONTROLLER",
        fmt::format("controller.quorum.voters={}", fmt::join(voters, ",")),
        "log.dirs=" + data(node).string(),
        "default.replication.factor=3",
        "min.insync.replicas=2",
        "message.max.bytes=4194304",
        "log.retention.ms=-1"};
    if (mode_ == durability::page_cache) {
        properties.emplace_back("log.flush.interval.messages=9223372036854775807");
    }
    std::vector<std::string> arguments;
    for (std::string& each : properties) {
        arguments.emplace_back("--override");
        arguments.push_back(std::move(each));
    }
    std::filesystem::create_directories(data(node));
    nodes_[node] = std::make_unique<child_process>(program_beside_us("verdikt-broker"),
                                                   arguments,
                                                   processor_,
                                                   directory_ / fmt::format("log-{}", node + 1));
}

void three_brokers::stop(std::size_t node) {
    nodes_[node]->terminate();
    nodes_[node].reset();
}

std::filesystem::path three_brokers::data(std::size_t node) const {
    return directory_ / fmt::format("node-{}", node + 1);
}

blocking_caller three_brokers::caller(std::size_t node) const {
    auto made = blocking_caller::connect(port(node));
    if (!made) throw std::runtime_error(fmt::format("broker {} does not listen", node + 1));
    return std::move(*made);
}

void three_brokers::create_topic() {
    kafka::messages::create_topics_request request;
    auto& topic = request.topics.emplace_back();
    topic.name = bench_topic;
    topic.num_partitions = -1;
    topic.replication_factor = -1;
    topic.assignments.push_back({.partition_index = 0, .broker_ids = {1, 2, 3}});
    const auto answer =
        caller(0).call<kafka::messages::create_topics_response>(request, create_topics_version);
    if (answer.topics.at(0).error_code != 0) throw std::runtime_error("no topic was created");
    const kafka::records::byte_buffer batch = sample_batch(1, 1, kafka::records::codec::none);
    const frame probe = produce_request_of(batch.bytes(), acknowledged_by::all);
    seconds_until([&] {
        try {
            wire_load(port(0), {}, check_produce_answer).run({&probe, 1}, 1);
            return true;
        } catch (const std::runtime_error&) {
            return false;  // Not the leader yet.
        }
    });
}

double three_brokers::cpu_seconds() const {
    double all = 0;
    for (const auto& each : nodes_) {
        if (each) all += each->cpu_seconds();
    }
    return all;
}

bool three_brokers::is_active(std::size_t node) const {
    auto caller = blocking_caller::connect(port(node));
    if (!caller) return false;
    kafka::messages::metadata_request nothing;
    nothing.topics.emplace();
    try {
        const auto answer =
            caller->call<kafka::messages::metadata_response>(nothing, metadata_version);
        std::size_t running = 0;
        for (const auto& each : nodes_) running += each ? 1 : 0;
        return answer.brokers.size() == running;
    } catch (const std::system_error&) {
        return false;
    }
}

void three_brokers::wait_until_active() {
    for (std::size_t node = 0; node < size; ++node) {
        if (is_running(node)) seconds_until([&] { return is_active(node); });
    }
}

double seconds_until(const std::function<bool()>& done) {
    const auto start = clock::now();
    while (!done()) {
        if (clock::now() - start > patience) throw std::runtime_error("it took too long");
        std::this_thread::sleep_for(look_interval);
    }
    return std::chrono::duration<double>(clock::now() - start).count();
}

}  // namespace verdikt::bench
