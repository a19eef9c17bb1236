/// Keyed records and tombstones, and how operations on them are written down
/// (checker/compaction/recording.h has the shapes).
#pragma once

#include "checker/history/datum.h"
#include "client/record.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace verdikt::workloads {

struct keyed_value {
    std::int32_t partition = 0;  ///< As the history counts them.
    std::int64_t key = 0;
    std::int64_t number = 0;  ///< No other record has it.
    bool tombstone = false;
    std::int64_t offset = -1;  ///< -1: not told.
};

/// The header that carries the number: a tombstone has no value to carry it.
inline constexpr std::string_view number_header = "number";

/// What a consumer was given. A record that nobody of us can have sent has the number -1.
[[nodiscard]] keyed_value to_keyed_value(const client::consumed_record& record);

[[nodiscard]] checker::history::datum value_of_send(const std::vector<keyed_value>& records);
[[nodiscard]] checker::history::datum value_of_scan(std::int32_t partition,
                                                    const std::vector<keyed_value>& records);
/// {p what}
[[nodiscard]] checker::history::datum value_of_pair(std::int32_t partition, std::int64_t what);

}  // namespace verdikt::workloads
