#include "nemesis/agent/probe.h"

#include "nemesis/agent/delay_acts.h"
#include "nemesis/agent/network_acts.h"
#include "nemesis/agent/packet_rules.h"
#include "nemesis/agent/read_only_disk.h"
#include "nemesis/agent/run_program.h"
#include "nemesis/agent/trial_disk.h"
#include "runtime/real/descriptor.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <optional>

namespace verdikt::nemesis::agent {

namespace {

using reason = std::optional<std::string>;

reason missing(std::string_view program, std::string_view package) {
    if (find_program(program)) return std::nullopt;
    return fmt::format("there is no program '{}': install {}", program, package);
}

template <typename T>
reason reason_of(const std::expected<T, std::string>& outcome) {
    return outcome ? std::nullopt : reason(outcome.error());
}

reason try_packets() {
    if (auto absent = missing("nft", "nftables")) return absent;
    const host_addresses nobody{{0, "192.0.2.1"}};  // RFC 5737: for documentation.
    const std::string all = rules_of(0, drop_packets{.from = {0}, .percent = 50}, nobody) +
                            removal_of(0) + rules_of(0, refuse_new_connections{{0}}, nobody, {1}) +
                            removal_of(0);
    return reason_of(run_or_reason({"nft", "-f", "-"}, all));
}

/// A connection of this host to itself; the port listened on.
struct loopback_connection {
    runtime::real::descriptor server{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    runtime::real::descriptor client{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    int port = 0;

    [[nodiscard]] bool open() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        socklen_t size = sizeof(address);
        if (::bind(server.number(), any, size) != 0 || ::listen(server.number(), 1) != 0 ||
            ::getsockname(server.number(), any, &size) != 0 ||
            ::connect(client.number(), any, size) != 0) {
            return false;
        }
        port = ntohs(address.sin_port);
        return true;
    }
};

/// The program names what it ended. A kernel without the means (CONFIG_INET_DIAG_DESTROY) makes it
/// end well and name nothing.
reason try_connections() {
    if (auto absent = missing("ss", "iproute2")) return absent;
    loopback_connection tried;
    if (!tried.open()) return fmt::format("no connection to end: {}", std::strerror(errno));
    const auto ended =
        run_or_reason({"ss", "-K", "-H", "-t", "-n", "dport", "=", fmt::format(":{}", tried.port)});
    if (!ended) return ended.error();
    if (ended->empty()) return "the kernel ends no connections for others (INET_DIAG_DESTROY)";
    return std::nullopt;
}

reason try_rate() {
    if (auto absent = missing("tc", "iproute2")) return absent;
    constexpr std::int64_t kilobits = 1000;
    const auto added = run_or_reason(rate_limit("lo", kilobits));
    if (!added) return added.error();
    return reason_of(run_or_reason({"tc", "qdisc", "del", "dev", "lo", "root"}));
}

reason try_disk() {
    constexpr std::int64_t least = 4096;
    return try_on_disk(least, [](const std::string&) { return reason(); });
}

void note(lacking& into, capability which, reason found) {
    if (found) into.emplace(which, std::move(*found));
}

}  // namespace

lacking probe_host() {
    lacking found;
    note(found, capability::packets, try_packets());
    note(found, capability::connections, try_connections());
    note(found, capability::bandwidth, try_rate());
    note(found, capability::latency, try_delay());
    note(found, capability::bounded_disk, try_disk());
    note(found, capability::forced_read_only, try_read_only_disk());
    return found;
}

}  // namespace verdikt::nemesis::agent
