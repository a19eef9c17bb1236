#include "three_brokers.h"

#include "sample_data.h"
#include "system_failure.h"
#include "wire_load.h"
#include "wire_versions.h"

#include "kafka/messages/create_topics.h"
#include "kafka/messages/metadata.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
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

/// Below those that the kernel gives to outgoing connections by itself, so that nobody takes the
/// port of a broker while it is down. Processes begin at different places.
class port_search {
  public:
    std::uint16_t next() {
        while (candidate_ < last) {
            if (is_free(++candidate_)) return candidate_;
        }
        throw std::runtime_error("no free port");
    }

  private:
    static constexpr std::uint16_t first = 10'000;
    static constexpr std::uint16_t last = 32'000;

    static bool is_free(std::uint16_t port) {
        const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (socket < 0) fail("socket");
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const bool bound =
            ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
        ::close(socket);
        return bound;
    }

    std::uint16_t candidate_ = static_cast<std::uint16_t>(first + ::getpid() % 20'000);
};

}  // namespace

three_brokers::three_brokers(std::filesystem::path directory, durability mode, placement where)
    : directory_(std::move(directory)),
      mode_(mode),
      processor_(where == placement::pinned ? processor_of_servers() : std::nullopt) {
    port_search free_ports;
    std::ranges::generate(ports_, [&] { return free_ports.next(); });
    std::ranges::generate(controller_ports_, [&] { return free_ports.next(); });
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

std::vector<std::string> three_brokers::bootstrap_servers() const {
    std::vector<std::string> all;
    for (const std::uint16_t port : ports_) all.push_back(fmt::format("127.0.0.1:{}", port));
    return all;
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
