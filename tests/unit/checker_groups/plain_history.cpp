#include "tests/unit/checker_groups/plain_history.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace verdikt::checker::groups {

namespace {

std::string offsets_of(const plain_operation& one) {
    std::vector<std::string> parts;
    for (const auto& [partition, offset] : one.offsets) {
        parts.push_back(
            fmt::format("\"{}\":{}", partition, offset ? fmt::format("{}", *offset) : "null"));
    }
    return fmt::format("{{{}}}", fmt::join(parts, ","));
}

std::string polled(const plain_operation& one) {
    std::map<std::int64_t, std::vector<std::string>> by_partition;
    for (const plain_place& each : one.messages) {
        by_partition[each.partition].push_back(fmt::format("[{},{}]", each.offset, each.offset));
    }
    std::vector<std::string> parts;
    for (const auto& [partition, records] : by_partition) {
        parts.push_back(fmt::format("\"{}\":[{}]", partition, fmt::join(records, ",")));
    }
    return fmt::format("[[\"poll\",{{{}}}]]", fmt::join(parts, ","));
}

std::string sent(const plain_operation& one) {
    std::vector<std::string> parts;
    for (const plain_place& each : one.messages) {
        parts.push_back(
            fmt::format("[\"send\",{},[{},{}]]", each.partition, each.offset, each.offset));
    }
    return fmt::format("[{}]", fmt::join(parts, ","));
}

std::string value_of(const plain_operation& one, std::int64_t partitions, bool ends) {
    if (one.f == "commit" || one.f == "reset") return offsets_of(one);
    if (one.f == "committed") return ends ? offsets_of(one) : "null";
    if (one.f == "poll") return ends ? polled(one) : "[[\"poll\"]]";
    if (one.f == "send") return ends ? sent(one) : "[]";
    if (one.f != "subscribe") return "null";
    std::vector<std::int64_t> keys;
    for (std::int64_t at = 0; at < partitions; ++at) keys.push_back(at);
    return fmt::format("{}", keys);
}

std::string changes_of(const plain_operation& one) {
    std::vector<std::string> parts;
    for (const plain_change& each : one.changes) {
        parts.push_back(
            fmt::format("{{\"keys\":[{}],\"event\":\":{}\",\"time\":{},\"generation\":{}}}",
                        fmt::join(each.keys, ","),
                        each.event,
                        each.at,
                        each.generation));
    }
    return fmt::format("[{}]", fmt::join(parts, ","));
}

std::string more_of(const plain_operation& one, bool ends) {
    std::string more;
    if (one.generation >= 0) more += fmt::format(",\"generation\":{}", one.generation);
    if (one.f == "subscribe") {
        more += fmt::format(
            ",\"session-timeout-ms\":{},\"max-poll-interval-ms\":{}", session_ms, poll_interval_ms);
        if (!one.instance.empty()) more += fmt::format(",\"instance\":\"{}\"", one.instance);
    }
    if (ends && !one.changes.empty()) more += fmt::format(",\"rebalance-log\":{}", changes_of(one));
    return more;
}

std::string line(const plain_operation& one, std::int64_t partitions, bool ends) {
    return fmt::format(
        "{{\"index\":{},\"time\":{},\"process\":{},\"type\":\"{}\",\"f\":\"{}\",\"value\":{}{}}}\n",
        ends ? one.ended : one.begun,
        ends ? one.ended_at : one.begun_at,
        one.process < 0 ? "\"nemesis\"" : fmt::format("{}", one.process),
        ends ? checker::history::name_of(one.type) : "invoke",
        one.f,
        value_of(one, partitions, ends),
        more_of(one, ends));
}

}  // namespace

std::string text_of(const plain_history& history) {
    std::map<std::int64_t, std::string> lines;
    for (const plain_operation& one : history.operations) {
        const bool nemesis = one.process == checker::history::nemesis_process;
        if (!nemesis) lines[one.begun] = line(one, history.partitions, false);
        if (one.ended != plain_operation::never) {
            lines[one.ended] = line(one, history.partitions, true);
        }
    }
    std::string all;
    for (const auto& [number, text] : lines) all += text;
    return all;
}

}  // namespace verdikt::checker::groups
