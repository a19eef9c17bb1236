/// What a follower looks at before it believes what its leader sent.
#pragma once

#include "broker/replication/partition_follower.h"

#include <cstddef>
#include <expected>
#include <optional>
#include <span>

namespace verdikt::broker::replication::host {

struct checked_batches {
    /// Whole batches; what a size limit cut in two is not among them.
    std::span<const std::byte> bytes;
    std::optional<fetched_records> records;
};

/// Checks structure and checksums. CORRUPT_MESSAGE if anything is wrong, or if epochs or offsets go
/// back.
[[nodiscard]] std::expected<checked_batches, kafka::error_code> check_fetched(
    std::span<const std::byte> bytes);

}  // namespace verdikt::broker::replication::host
