/// One request under way: who asks for what, and the answer as it goes out.
#pragma once

#include "broker/storage/partition_log.h"
#include "kafka/api_keys.h"
#include "kafka/messages/encode.h"
#include "kafka/types.h"
#include "runtime/clock.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::broker::server {

struct served_listener;

/// Which process of a broker sends its heartbeats over a connection: when that breaks, the
/// controller knows at once that something is wrong with it.
struct heartbeat_session {
    kafka::node_id broker = kafka::no_node;
    kafka::broker_epoch epoch = kafka::no_broker_epoch;
};

struct request_context {
    kafka::api_key key{};
    std::int16_t version = 0;
    std::int32_t correlation_id = 0;
    std::string client_id;
    std::string client_host;
    /// Outlives the request.
    const served_listener* listener = nullptr;
    /// Of the connection that it came over.
    heartbeat_session* session = nullptr;
    runtime::instant arrived;
};

/// An answer: bytes, with stretches of files in between. The tag of a splice is its slice's index.
struct reply {
    kafka::messages::encoded head;
    std::vector<storage::file_slice> slices;

    [[nodiscard]] bool empty() const { return head.bytes.empty(); }
};

}  // namespace verdikt::broker::server
