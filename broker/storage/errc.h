/// What storage answers when it does not do what it was asked to.
#pragma once

#include <string_view>

namespace verdikt::broker::storage {

enum class errc {
    offline,   ///< The log directory failed and takes no further part: KAFKA_STORAGE_ERROR (56).
    no_space,  ///< Nothing was written; the same call may succeed once space returns: 56.
    write_failed,  ///< The write failed, and what it left behind was cut off again: 56.
    stopped,  ///< The log was stopped or deleted. Whether a write in flight was kept is unknown.
    offset_out_of_range,  ///< 1
    unknown_producer,     ///< 59: a producer that is not known here must start at sequence 0.
    producer_fenced,      ///< 47 INVALID_PRODUCER_EPOCH: a newer epoch of the producer wrote here.
    out_of_order_sequence,  ///< 45: would leave a gap, or repeats what is no longer remembered.
    coordinator_fenced,     ///< 52: the marker comes from an older transaction coordinator.
    invalid_transaction,    ///< 48: e.g. a plain batch within the producer's open transaction.
    refused,                ///< The caller's own condition on the append did not hold any more.
    corrupt,    ///< Bytes that do not parse, or a checksum that does not match: 2 CORRUPT_MESSAGE.
    not_found,  ///< No such partition here.
    already_exists,  ///< The partition is here already.
    wrong_identity,  ///< The directory belongs to another cluster or node: the broker cannot start.
    locked,          ///< Another process has the directory open: the broker cannot start.
};

/// English, lower case, for a log line or a message after a colon.
[[nodiscard]] std::string_view describe(errc error);

}  // namespace verdikt::broker::storage
