/// The control records that a snapshot of the metadata log begins and ends with (KIP-630).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>

namespace verdikt::kafka::messages {

/// The first record: how recent the snapshot is.
struct snapshot_header_record {
    static const message_schema schema;

    std::int16_t version = 0;
    std::int64_t last_contained_log_timestamp = 0;

    bool operator==(const snapshot_header_record&) const = default;
};

/// The last record: a snapshot without it is not whole.
struct snapshot_footer_record {
    static const message_schema schema;

    std::int16_t version = 0;

    bool operator==(const snapshot_footer_record&) const = default;
};

}  // namespace verdikt::kafka::messages
