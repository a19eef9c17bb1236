#include "nemesis/agent/probe.h"

#include "nemesis/agent/delay_acts.h"
#include "nemesis/agent/packet_rules.h"
#include "nemesis/agent/run_program.h"

#include <fmt/format.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
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

reason try_rate() {
    if (auto absent = missing("tc", "iproute2")) return absent;
    const auto added = run_or_reason({"tc",
                                      "qdisc",
                                      "add",
                                      "dev",
                                      "lo",
                                      "root",
                                      "tbf",
                                      "rate",
                                      "1mbit",
                                      "burst",
                                      "32kb",
                                      "latency",
                                      "400ms"});
    if (!added) return added.error();
    return reason_of(run_or_reason({"tc", "qdisc", "del", "dev", "lo", "root"}));
}

reason try_disk() {
    std::string folder = (std::filesystem::temp_directory_path() / "verdikt-probe-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) return "cannot make a temporary folder";
    reason found;
    if (::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=4096") != 0) {
        found = fmt::format("cannot mount a disk: {}", std::strerror(errno));
    } else {
        ::umount(folder.c_str());
    }
    std::error_code ignored;  // A folder that stays empty.
    std::filesystem::remove(folder, ignored);
    return found;
}

void note(lacking& into, capability which, reason found) {
    if (found) into.emplace(which, std::move(*found));
}

}  // namespace

lacking probe_host() {
    lacking found;
    note(found, capability::packets, try_packets());
    note(found, capability::connections, missing("ss", "iproute2"));
    note(found, capability::bandwidth, try_rate());
    note(found, capability::latency, try_delay());
    note(found, capability::bounded_disk, try_disk());
    note(found, capability::forced_read_only, "the disk cannot be made read-only here");
    return found;
}

}  // namespace verdikt::nemesis::agent
