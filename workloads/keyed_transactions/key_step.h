/// What one transaction does to keys, and how it is written down.
///
/// As Elle has it: `["append", k, v]` or `["w", k, v]`; `["r", k, nil]`, completed as
/// `["r", k, [v …]]` or `["r", k, v]`, of an unwritten key `[]` or nil. Of registers the offset of
/// each step's record is told besides, in the order of the steps (`offsets`), where it is known.
#pragma once

#include "checker/history/datum.h"
#include "workloads/keyed_transactions/keyed_options.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::workloads {

/// A record, as a reader was given it.
struct found_record {
    std::int64_t offset = -1;
    std::string value;
};

struct key_step {
    bool is_write = true;
    std::int32_t key = 0;
    std::int64_t value = 0;    ///< Of a write.
    std::int64_t offset = -1;  ///< Of a write. -1: not told.
    bool done = false;         ///< A read that has succeeded.
    std::vector<found_record> found = {};
};

[[nodiscard]] checker::history::datum value_of(key_kind what, const std::vector<key_step>& steps);

/// `[o …]`, nil where there is none.
[[nodiscard]] checker::history::datum offsets_of(const std::vector<key_step>& steps);

}  // namespace verdikt::workloads
