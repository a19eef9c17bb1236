/// A history as the slow reference reads it: everything spelled out.
#pragma once

#include "checker/history/operation.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace verdikt::checker::log {

struct plain_message {
    std::int64_t partition;
    std::int64_t value;
    friend auto operator<=>(const plain_message&, const plain_message&) = default;
};

/// Something sent or polled.
struct plain_event {
    plain_message what;
    std::optional<std::int64_t> offset;
    std::optional<std::int64_t> epoch;
    std::optional<std::int64_t> timestamp;
};

struct plain_operation {
    static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

    std::int64_t process = 0;
    std::int64_t begun = 0;
    std::int64_t ended = never;
    history::op_type type = history::op_type::info;
    std::string f;
    std::vector<plain_event> sends;
    std::vector<plain_event> polls;
    std::set<std::int64_t> partitions;
    std::set<std::int64_t> read_to_end;
    std::vector<std::pair<std::int64_t, std::int64_t>> ends;
    bool seeks = false;
    /// It said that it did not wait for all replicas.
    bool weak = false;

    [[nodiscard]] bool ok() const { return type == history::op_type::ok; }
    [[nodiscard]] bool assigns() const { return f == "assign" || f == "subscribe"; }
};

/// In the order in which they ended.
[[nodiscard]] std::vector<plain_operation> plain_history(
    std::span<const history::operation> operations);

}  // namespace verdikt::checker::log
