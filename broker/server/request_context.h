/// One request under way: who asks for what, and the answer as it goes out.
#pragma once

#include "broker/storage/partition_log.h"
#include "kafka/api_keys.h"
#include "kafka/messages/encode.h"
#include "runtime/clock.h"
#include "runtime/network.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::broker::server {

struct request_context {
    kafka::api_key key{};
    std::int16_t version = 0;
    std::int32_t correlation_id = 0;
    std::string client_id;
    std::string client_host;
    /// What clients of this listener are told to connect to.
    runtime::endpoint advertised;
    runtime::instant arrived;
};

/// An answer: bytes, with stretches of files in between. The tag of a splice is its slice's index.
struct reply {
    kafka::messages::encoded head;
    std::vector<storage::file_slice> slices;

    [[nodiscard]] bool empty() const { return head.bytes.empty(); }
};

}  // namespace verdikt::broker::server
