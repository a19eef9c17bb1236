#include "broker_cluster.h"

#include "child_process.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

namespace verdikt::bench {

namespace {

constexpr std::int32_t members = 3;

/// An address of this machine that nobody else uses, so that a port on it stays free while its
/// broker is down: all of 127.0.0.0/8 is ours.
std::string own_loopback_address() {
    const auto number = static_cast<std::uint32_t>(::getpid());
    return fmt::format("127.{}.{}.{}",
                       100 + ((number >> 16) & 63U),
                       (number >> 8) & 255U,
                       std::max(1U, number & 255U));
}

std::uint16_t free_port(const std::string& host) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "socket");
    const std::unique_ptr<const int, void (*)(const int*)> closing(
        &descriptor, [](const int* which) { ::close(*which); });
    sockaddr_in address{};
    address.sin_family = AF_INET;
    ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
    socklen_t size = sizeof(address);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(descriptor, generic, size) != 0 || ::getsockname(descriptor, generic, &size) != 0) {
        throw std::system_error(errno, std::generic_category(), "no free port on " + host);
    }
    return ntohs(address.sin_port);
}

}  // namespace

broker_cluster::broker_cluster(runtime::environment& world,
                               std::filesystem::path directory,
                               std::vector<std::string> overrides)
    : world_(world),
      directory_(std::move(directory)),
      overrides_(std::move(overrides)),
      host_(own_loopback_address()) {
    std::filesystem::create_directories(directory_);
    for (std::int32_t node = 1; node <= members; ++node) {
        member& each = members_[node];
        each.port = free_port(host_);
        each.controller_port = free_port(host_);
    }
    for (const std::int32_t node : nodes()) start(node);
}

std::vector<std::string> broker_cluster::bootstrap_servers() const {
    std::vector<std::string> all;
    for (const auto& [node, each] : members_) all.push_back(fmt::format("{}:{}", host_, each.port));
    return all;
}

std::vector<std::int32_t> broker_cluster::nodes() const {
    std::vector<std::int32_t> all;
    for (const auto& [node, each] : members_) all.push_back(node);
    return all;
}

std::vector<std::string> broker_cluster::arguments_of(std::int32_t node) const {
    const member& own = members_.at(node);
    std::string voters;
    for (const auto& [other, each] : members_) {
        voters += fmt::format(
            "{}{}@{}:{}", voters.empty() ? "" : ",", other, host_, each.controller_port);
    }
    std::vector<std::string> settings{
        fmt::format("node.id={}", node),
        "cluster.id=AAAAAAAAAAAAAAAAAAAAAQ",
        fmt::format("log.dirs={}", (directory_ / std::to_string(node)).string()),
        fmt::format("listeners=PLAINTEXT://{0}:{1},CONTROLLER://{0}:{2}",
                    host_,
                    own.port,
                    own.controller_port),
        "controller.quorum.voters=" + voters,
        "default.replication.factor=3",
        "min.insync.replicas=2"};
    settings.insert(settings.end(), overrides_.begin(), overrides_.end());
    std::vector<std::string> arguments;
    for (std::string& each : settings) {
        arguments.emplace_back("--override");
        arguments.push_back(std::move(each));
    }
    return arguments;
}

void broker_cluster::start(std::int32_t node) {
    members_.at(node).process.emplace(
        world_.get_executor(),
        runtime::real::program_call{.program = program_beside_us("verdikt-broker"),
                                    .arguments = arguments_of(node),
                                    .output = directory_ / fmt::format("{}.log", node)});
}

void broker_cluster::send_signal(std::int32_t node, int number) {
    members_.at(node).process->send_signal(number);
}

runtime::awaitable<void> broker_cluster::wait_for_end(std::int32_t node) {
    co_await members_.at(node).process->wait_for_end();
}

}  // namespace verdikt::bench
