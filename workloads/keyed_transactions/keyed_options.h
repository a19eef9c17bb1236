/// How a workload of transactions over keys is to run.
#pragma once

#include "client/record.h"
#include "workloads/load_options.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace verdikt::workloads {

/// What a key holds.
enum class key_kind : std::uint8_t {
    list,   ///< Every committed record of its partition.
    newest  ///< The newest committed record of its partition.
};

struct keyed_options {
    load_options load = {};
    key_kind what = key_kind::list;
    /// Of all topics the beginning of their names.
    std::string topic;
    /// A key that was written so often is replaced by another, so that lists stay short.
    std::int64_t writes_max = std::numeric_limits<std::int64_t>::max();
    double abort_chance = 0.1;    ///< That a transaction is aborted on purpose.
    double crash_chance = 0.005;  ///< That a writer crashes within a transaction.

    /// Keys are numbered through: those of the first topic, then those of the second, …
    [[nodiscard]] std::string topic_of(std::int32_t key) const;
    [[nodiscard]] client::topic_partition place_of(std::int32_t key) const;
    [[nodiscard]] std::string transactional_id(std::size_t writer) const;
};

}  // namespace verdikt::workloads
