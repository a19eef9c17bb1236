/// WriteTxnMarkers: a coordinator tells partitions how transactions ended (KIP-98).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Since version 2 it names the transactions' protocol, so that a partition knows whether the epoch
/// must be above that of the records (KIP-1228).
struct write_txn_markers_request {
    static const message_schema schema;

    struct writable_txn_marker_topic {
        static const struct_schema schema;

        std::string name;
        std::vector<std::int32_t> partition_indexes;

        bool operator==(const writable_txn_marker_topic&) const = default;
    };

    struct writable_txn_marker {
        static const struct_schema schema;

        std::int64_t producer_id = 0;
        std::int16_t producer_epoch = 0;
        bool transaction_result = false;
        std::vector<writable_txn_marker_topic> topics;
        std::int32_t coordinator_epoch = 0;
        std::int8_t transaction_version = 0;

        bool operator==(const writable_txn_marker&) const = default;
    };

    std::vector<writable_txn_marker> markers;

    bool operator==(const write_txn_markers_request&) const = default;
};

/// One error for each partition of each producer.
struct write_txn_markers_response {
    static const message_schema schema;

    struct writable_txn_marker_partition_result {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int16_t error_code = 0;

        bool operator==(const writable_txn_marker_partition_result&) const = default;
    };

    struct writable_txn_marker_topic_result {
        static const struct_schema schema;

        std::string name;
        std::vector<writable_txn_marker_partition_result> partitions;

        bool operator==(const writable_txn_marker_topic_result&) const = default;
    };

    struct writable_txn_marker_result {
        static const struct_schema schema;

        std::int64_t producer_id = 0;
        std::vector<writable_txn_marker_topic_result> topics;

        bool operator==(const writable_txn_marker_result&) const = default;
    };

    std::vector<writable_txn_marker_result> markers;

    bool operator==(const write_txn_markers_response&) const = default;
};

}  // namespace verdikt::kafka::messages
