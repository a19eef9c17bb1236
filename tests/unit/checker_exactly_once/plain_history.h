/// A history as the slow reference reads it, and the lines of it that the checker reads.
#pragma once

#include "checker/history/operation.h"

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace verdikt::checker::exactly_once {

struct plain_record {
    std::int64_t partition;
    std::int64_t offset;  ///< -1: not told.
    std::int64_t input;
    std::int64_t attempt = -1;  ///< Of an output.
};

struct plain_operation {
    static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

    std::string f;
    std::int64_t process = 0;
    std::int64_t begun = 0;  ///< By line; a line's time is a thousand times its number.
    std::int64_t ended = never;
    history::op_type type = history::op_type::info;
    std::int64_t attempt = -1;
    std::int64_t generation = -1;
    std::int64_t offsets_asked = -1;
    std::int64_t commit_asked = -1;
    std::vector<plain_record> polled;
    std::vector<plain_record> sent;
    std::map<std::int64_t, std::int64_t> offsets;
    std::map<std::int64_t, std::optional<std::int64_t>> committed;
    std::set<std::int64_t> read_to_end;
    std::string id;

    [[nodiscard]] bool ok() const { return type == history::op_type::ok; }
    [[nodiscard]] std::int64_t begun_at() const { return begun * 1000; }
    [[nodiscard]] std::int64_t ended_at() const { return ended == never ? never : ended * 1000; }
};

/// Inputs are partitions 0, 1, …, outputs 100, 101, …
struct plain_history {
    std::vector<plain_operation> operations;
    std::int64_t inputs = 1;
    std::int64_t outputs = 1;
};

/// NDJSON.
[[nodiscard]] std::string text_of(const plain_history& history);

}  // namespace verdikt::checker::exactly_once
