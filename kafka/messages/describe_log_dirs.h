/// DescribeLogDirs: where replicas rest and how large they are (KIP-113).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::kafka::messages {

/// Null topics ask for all.
struct describe_log_dirs_request {
    static const message_schema schema;

    struct describable_log_dir_topic {
        static const struct_schema schema;

        std::string topic;
        std::vector<std::int32_t> partitions;

        bool operator==(const describable_log_dir_topic&) const = default;
    };

    std::optional<std::vector<describable_log_dir_topic>> topics{std::in_place};

    bool operator==(const describe_log_dirs_request&) const = default;
};

/// An error for the whole since version 3, sizes of the volume since version 4 (KIP-827).
struct describe_log_dirs_response {
    static const message_schema schema;

    struct describe_log_dirs_partition {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int64_t partition_size = 0;
        std::int64_t offset_lag = 0;
        bool is_future_key = false;

        bool operator==(const describe_log_dirs_partition&) const = default;
    };

    struct describe_log_dirs_topic {
        static const struct_schema schema;

        std::string name;
        std::vector<describe_log_dirs_partition> partitions;

        bool operator==(const describe_log_dirs_topic&) const = default;
    };

    struct describe_log_dirs_result {
        static const struct_schema schema;

        std::int16_t error_code = 0;
        std::string log_dir;
        std::vector<describe_log_dirs_topic> topics;
        std::int64_t total_bytes = -1;
        std::int64_t usable_bytes = -1;

        bool operator==(const describe_log_dirs_result&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::vector<describe_log_dirs_result> results;

    bool operator==(const describe_log_dirs_response&) const = default;
};

}  // namespace verdikt::kafka::messages
