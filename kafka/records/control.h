/// Control batches: records that brokers write for each other and clients skip.
///
/// Key: version i16, type i16. A transaction's end is one record in a transactional control batch
/// with base sequence -1 whose value is version i16, coordinator epoch i32 (KIP-98).
#pragma once

#include "kafka/records/batch.h"
#include "kafka/records/byte_buffer.h"
#include "kafka/records/errc.h"
#include "kafka/records/record.h"

#include <cstdint>
#include <expected>

namespace verdikt::kafka::records {

enum class control_type : std::int16_t {
    abort = 0,
    commit = 1,
    leader_change = 2,
    snapshot_header = 3,
    snapshot_footer = 4,
    kraft_version = 5,
    kraft_voters = 6,
};

/// Which control record this is; a type that we do not know yet is carried as its number.
/// Requires: `record` is from a control batch. Errors: bad_record.
[[nodiscard]] std::expected<control_type, errc> control_type_of(const record_view& record);

struct end_transaction_marker {
    kafka::producer_id producer_id;
    kafka::producer_epoch producer_epoch;
    control_type outcome = control_type::abort;  ///< `abort` or `commit`.
    std::int32_t coordinator_epoch = 0;
    timestamp time;

    bool operator==(const end_transaction_marker&) const = default;
};

/// A whole batch of one marker; the log assigns offset and leader epoch.
[[nodiscard]] byte_buffer make_marker_batch(const end_transaction_marker& marker);

/// Errors: bad_record (not a control batch of exactly one marker).
[[nodiscard]] std::expected<end_transaction_marker, errc> parse_marker_batch(
    const batch_view& batch);

}  // namespace verdikt::kafka::records
