/// Batches of the metadata log as bytes: Kafka's record batches (KIP-98), with the quorum's own
/// records as control records (KIP-595, KIP-853).
#pragma once

#include "broker/raft/types.h"
#include "kafka/records/control.h"
#include "kafka/records/errc.h"
#include "kafka/types.h"

#include <cstddef>
#include <expected>
#include <span>
#include <vector>

namespace verdikt::broker::raft::wire {

/// One control record in a batch of its own, its offset and epoch still open.
[[nodiscard]] std::vector<std::byte> control_batch(kafka::records::control_type type,
                                                   std::span<const std::byte> value,
                                                   kafka::timestamp time);

/// The bytes of a batch as they are stored: those that it has, with its offset and epoch put in, or
/// a control batch that is made for it. Requires: bytes, if there are any, are one record batch of
/// `record_count` records.
[[nodiscard]] payload encode_batch(const batch& next, kafka::timestamp time);

/// All whole batches that the bytes hold, in order; a partial one at the end is left out. Each
/// shares nothing with `bytes`. Errors: what is damaged or is no record batch, or voters that
/// cannot be read.
[[nodiscard]] std::expected<std::vector<batch>, kafka::records::errc> decode_batches(
    std::span<const std::byte> bytes);

}  // namespace verdikt::broker::raft::wire
