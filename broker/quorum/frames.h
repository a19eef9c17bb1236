/// Records of the state machine above, as the values of the records of a batch.
#pragma once

#include "kafka/records/errc.h"
#include "kafka/types.h"

#include <cstddef>
#include <expected>
#include <span>
#include <vector>

namespace verdikt::broker::quorum {

/// What the quorum carries and does not look into: broker/metadata's `encode_record` makes it.
using frame = std::vector<std::byte>;

/// One batch of them all, as the log stores it, base offset 0. Requires: at least one.
[[nodiscard]] std::vector<std::byte> batch_of(std::span<const frame> frames, kafka::timestamp time);

/// The values of a batch's records in order; the first has the batch's base offset, and so on. They
/// live as long as `batch`. Errors: what is damaged, compressed or has no value.
[[nodiscard]] std::expected<std::vector<std::span<const std::byte>>, kafka::records::errc>
frames_in(std::span<const std::byte> batch);

}  // namespace verdikt::broker::quorum
