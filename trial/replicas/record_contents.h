/// What compaction keeps of records, as digests.
#pragma once

#include "checker/replica_logs/replica_logs.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace verdikt::trial {

/// Adds the records of one whole batch: of each its offset, and a digest of key, value and headers.
/// Why they cannot be read, if so.
[[nodiscard]] std::optional<std::string> add_contents(
    std::span<const std::byte> batch, std::vector<checker::replica_logs::record>& to);

}  // namespace verdikt::trial
