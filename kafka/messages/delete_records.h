/// DeleteRecords: let logs start later (KIP-107).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Records below `offset` go; -1 stands for the high watermark.
struct delete_records_request {
    static const message_schema schema;

    struct delete_records_partition {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int64_t offset = 0;

        bool operator==(const delete_records_partition&) const = default;
    };

    struct delete_records_topic {
        static const struct_schema schema;

        std::string name;
        std::vector<delete_records_partition> partitions;

        bool operator==(const delete_records_topic&) const = default;
    };

    std::vector<delete_records_topic> topics;
    std::int32_t timeout_ms = 0;

    bool operator==(const delete_records_request&) const = default;
};

/// The log start offset of each partition afterwards.
struct delete_records_response {
    static const message_schema schema;

    struct delete_records_partition_result {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int64_t low_watermark = 0;
        std::int16_t error_code = 0;

        bool operator==(const delete_records_partition_result&) const = default;
    };

    struct delete_records_topic_result {
        static const struct_schema schema;

        std::string name;
        std::vector<delete_records_partition_result> partitions;

        bool operator==(const delete_records_topic_result&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::vector<delete_records_topic_result> topics;

    bool operator==(const delete_records_response&) const = default;
};

}  // namespace verdikt::kafka::messages
