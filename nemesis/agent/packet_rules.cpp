#include "nemesis/agent/packet_rules.h"

#include "runtime/check.h"
#include "runtime/parse_number.h"

#include <fmt/format.h>

#include <set>

namespace verdikt::nemesis::agent {

namespace {

constexpr std::int64_t certain_percent = 100;

std::string table_of(std::uint64_t act) {
    return fmt::format("inet verdikt_{}", act);
}

std::string sources(const std::set<std::int32_t>& from, const host_addresses& hosts) {
    CHECK(!from.empty());
    std::vector<std::string> addresses;
    for (const std::int32_t host : from) {
        const auto found = hosts.find(host);
        CHECK(found != hosts.end(), "host {}", host);
        addresses.push_back(found->second);
    }
    return fmt::format("ip saddr {{ {} }}", fmt::join(addresses, ", "));
}

/// Before the rules of anybody else on the machine, who may accept what we want dropped.
std::string table_with(std::uint64_t act, const std::string& rule) {
    return fmt::format(
        "table {} {{\n"
        "  counter hits {{ }}\n"
        "  chain arriving {{\n"
        "    type filter hook input priority -200; policy accept;\n"
        "    {}\n"
        "  }}\n"
        "}}\n",
        table_of(act),
        rule);
}

}  // namespace

std::string rules_of(std::uint64_t act, const drop_packets& what, const host_addresses& hosts) {
    std::string match = sources(what.from, hosts);
    if (what.percent < certain_percent) {
        match += fmt::format(" numgen random mod {} < {}", certain_percent, what.percent);
    }
    return table_with(act, match + " counter name \"hits\" drop");
}

std::string rules_of(std::uint64_t act,
                     const refuse_new_connections& what,
                     const host_addresses& hosts,
                     const std::vector<std::uint16_t>& ports) {
    CHECK(!ports.empty());
    return table_with(
        act,
        fmt::format("{} tcp dport {{ {} }} counter name \"hits\" reject with tcp reset",
                    sources(what.from, hosts),
                    fmt::join(ports, ", ")));
}

std::string removal_of(std::uint64_t act) {
    return fmt::format("delete table {}\n", table_of(act));
}

std::vector<std::string> counter_query(std::uint64_t act) {
    return {"nft", "list", "counter", "inet", fmt::format("verdikt_{}", act), "hits"};
}

std::expected<std::int64_t, std::string> packets_counted(std::string_view listing) {
    constexpr std::string_view label = "packets ";
    const std::size_t found = listing.find(label);
    if (found != std::string_view::npos) {
        const std::string_view rest = listing.substr(found + label.size());
        const auto number = runtime::parse_number<std::int64_t>(
            rest.substr(0, rest.find_first_not_of("0123456789")));
        if (number) return *number;
    }
    return std::unexpected(fmt::format("no counter in '{}'", listing));
}

}  // namespace verdikt::nemesis::agent
