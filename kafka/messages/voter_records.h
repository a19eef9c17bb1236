/// The control records that name the voters of the controller quorum (KIP-853).
#pragma once

#include "kafka/messages/schema.h"
#include "kafka/types.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Which version of the quorum's protocol is in force; voters can change from version 1 on.
struct kraft_version_record {
    static const message_schema schema;

    std::int16_t version = 0;
    std::int16_t kraft_version = 0;

    bool operator==(const kraft_version_record&) const = default;
};

/// All voters from here on in the log.
struct voters_record {
    static const message_schema schema;

    struct endpoint {
        static const struct_schema schema;

        std::string name;
        std::string host;
        std::uint16_t port = 0;

        bool operator==(const endpoint&) const = default;
    };

    struct kraft_version_feature_type {
        static const struct_schema schema;

        std::int16_t min_supported_version = 0;
        std::int16_t max_supported_version = 0;

        bool operator==(const kraft_version_feature_type&) const = default;
    };

    struct voter {
        static const struct_schema schema;

        std::int32_t voter_id = 0;
        uuid voter_directory_id;
        std::vector<endpoint> endpoints;
        kraft_version_feature_type kraft_version_feature;

        bool operator==(const voter&) const = default;
    };

    std::int16_t version = 0;
    std::vector<voter> voters;

    bool operator==(const voters_record&) const = default;
};

}  // namespace verdikt::kafka::messages
