/// AddPartitionsToTxn: partitions that a transaction is about to write to (KIP-98).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Up to version 3 of one transaction, from its producer. Since 4 of many, from brokers, which may
/// only ask whether the partitions are part of them (KIP-890).
struct add_partitions_to_txn_request {
    static const message_schema schema;

    struct add_partitions_to_txn_topic {
        static const struct_schema schema;

        std::string name;
        std::vector<std::int32_t> partitions;

        bool operator==(const add_partitions_to_txn_topic&) const = default;
    };

    struct add_partitions_to_txn_transaction {
        static const struct_schema schema;

        std::string transactional_id;
        std::int64_t producer_id = 0;
        std::int16_t producer_epoch = 0;
        bool verify_only = false;
        std::vector<add_partitions_to_txn_topic> topics;

        bool operator==(const add_partitions_to_txn_transaction&) const = default;
    };

    std::vector<add_partitions_to_txn_transaction> transactions;
    std::string v3_and_below_transactional_id;
    std::int64_t v3_and_below_producer_id = 0;
    std::int16_t v3_and_below_producer_epoch = 0;
    std::vector<add_partitions_to_txn_topic> v3_and_below_topics;

    bool operator==(const add_partitions_to_txn_request&) const = default;
};

/// By transaction since version 4, by topic before.
struct add_partitions_to_txn_response {
    static const message_schema schema;

    struct add_partitions_to_txn_partition_result {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int16_t partition_error_code = 0;

        bool operator==(const add_partitions_to_txn_partition_result&) const = default;
    };

    struct add_partitions_to_txn_topic_result {
        static const struct_schema schema;

        std::string name;
        std::vector<add_partitions_to_txn_partition_result> results_by_partition;

        bool operator==(const add_partitions_to_txn_topic_result&) const = default;
    };

    struct add_partitions_to_txn_result {
        static const struct_schema schema;

        std::string transactional_id;
        std::vector<add_partitions_to_txn_topic_result> topic_results;

        bool operator==(const add_partitions_to_txn_result&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::vector<add_partitions_to_txn_result> results_by_transaction;
    std::vector<add_partitions_to_txn_topic_result> results_by_topic_v3_and_below;

    bool operator==(const add_partitions_to_txn_response&) const = default;
};

}  // namespace verdikt::kafka::messages
