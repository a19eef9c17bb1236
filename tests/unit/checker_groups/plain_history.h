/// A history of a group as the slow reference reads it, and the lines of it that the checker reads.
#pragma once

#include "checker/history/operation.h"

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace verdikt::checker::groups {

/// What a listener was told.
struct plain_change {
    std::string event;
    std::int64_t at = 0;
    std::int64_t generation = -1;
    std::set<std::int64_t> keys;
};

struct plain_place {
    std::int64_t partition;
    std::int64_t offset;
};

struct plain_operation {
    static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

    std::string f;
    std::int64_t process = 0;
    std::int64_t begun = 0;  ///< By line.
    std::int64_t ended = never;
    std::int64_t begun_at = 0;
    std::int64_t ended_at = never;
    history::op_type type = history::op_type::info;
    std::int64_t generation = -1;
    std::string instance;
    std::map<std::int64_t, std::optional<std::int64_t>> offsets;
    std::vector<plain_place> messages;  ///< Sent or polled.
    std::vector<plain_change> changes;

    [[nodiscard]] bool ok() const { return type == history::op_type::ok; }
};

struct plain_history {
    std::vector<plain_operation> operations;
    std::int64_t partitions = 1;
};

/// Of all members.
inline constexpr std::int64_t session_ms = 6'000;
inline constexpr std::int64_t poll_interval_ms = 20'000;

/// NDJSON.
[[nodiscard]] std::string text_of(const plain_history& history);

}  // namespace verdikt::checker::groups
