#include "tests/unit/checker_exactly_once/plain_history.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

namespace verdikt::checker::exactly_once {

namespace {

std::vector<std::int64_t> keys(std::int64_t first, std::int64_t count) {
    std::vector<std::int64_t> all;
    for (std::int64_t at = 0; at < count; ++at) all.push_back(first + at);
    return all;
}

std::string value_of(const plain_record& one) {
    if (one.attempt < 0) return fmt::format("{}", one.input);
    return fmt::format("[{},{}]", one.input, one.attempt);
}

std::string polled(const plain_operation& one) {
    std::map<std::int64_t, std::vector<std::string>> by_partition;
    for (const plain_record& each : one.polled) {
        by_partition[each.partition].push_back(fmt::format("[{},{}]", each.offset, value_of(each)));
    }
    std::vector<std::string> parts;
    for (const auto& [partition, records] : by_partition) {
        parts.push_back(fmt::format("\"{}\":[{}]", partition, fmt::join(records, ",")));
    }
    return fmt::format("[\"poll\",{{{}}}]", fmt::join(parts, ","));
}

std::string transaction(const plain_operation& one) {
    std::vector<std::string> parts{polled(one)};
    for (const plain_record& each : one.sent) {
        parts.push_back(fmt::format("[\"send\",{},[{},{}]]",
                                    each.partition,
                                    each.offset < 0 ? "null" : fmt::format("{}", each.offset),
                                    value_of(each)));
    }
    return fmt::format("[{}]", fmt::join(parts, ","));
}

std::string committed(const plain_operation& one) {
    std::vector<std::string> parts;
    for (const auto& [partition, offset] : one.committed) {
        parts.push_back(
            fmt::format("\"{}\":{}", partition, offset ? fmt::format("{}", *offset) : "null"));
    }
    return fmt::format("{{{}}}", fmt::join(parts, ","));
}

std::string value_at_end(const plain_operation& one, const plain_history& of) {
    if (one.f == "topics") {
        return fmt::format(
            "{{\"input\":{},\"output\":{}}}", keys(0, of.inputs), keys(100, of.outputs));
    }
    if (one.f == "txn") return transaction(one);
    if (one.f == "poll") return fmt::format("[{}]", polled(one));
    if (one.f == "committed") return committed(one);
    if (one.f == "init") return fmt::format("\"{}\"", one.id);
    return fmt::format("{}", keys(100, of.outputs));
}

std::string more_at_end(const plain_operation& one) {
    std::string more;
    const auto add = [&more](std::string_view name, std::int64_t value) {
        if (value >= 0) more += fmt::format(",\"{}\":{}", name, value);
    };
    add("generation", one.generation);
    add("offsets-asked", one.offsets_asked);
    add("commit-asked", one.commit_asked);
    if (!one.offsets.empty()) {
        std::vector<std::string> parts;
        for (const auto& [partition, next] : one.offsets) {
            parts.push_back(fmt::format("\"{}\":{}", partition, next));
        }
        more += fmt::format(",\"offsets\":{{{}}}", fmt::join(parts, ","));
    }
    if (!one.read_to_end.empty()) {
        more += fmt::format(",\"read-to-end\":[{}]", fmt::join(one.read_to_end, ","));
    }
    return more;
}

std::string line(std::int64_t number,
                 std::string_view type,
                 const plain_operation& one,
                 std::string_view value,
                 std::string_view more) {
    const std::string attempt = one.attempt < 0 ? "" : fmt::format(",\"attempt\":{}", one.attempt);
    return fmt::format(
        "{{\"index\":{},\"time\":{},\"process\":{},\"type\":\"{}\",\"f\":\"{}\",\"value\":{}{}{}}}"
        "\n",
        number,
        number * 1000,
        one.process,
        type,
        one.f,
        value,
        attempt,
        more);
}

}  // namespace

std::string text_of(const plain_history& history) {
    std::map<std::int64_t, std::string> lines;
    for (const plain_operation& one : history.operations) {
        lines[one.begun] = line(one.begun, "invoke", one, "null", "");
        if (one.ended == plain_operation::never) continue;
        lines[one.ended] = line(one.ended,
                                history::name_of(one.type),
                                one,
                                value_at_end(one, history),
                                more_at_end(one));
    }
    std::string all;
    for (const auto& [number, text] : lines) all += text;
    return all;
}

}  // namespace verdikt::checker::exactly_once
