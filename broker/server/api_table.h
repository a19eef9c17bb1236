/// Which requests this broker serves, in which versions, and by which handler.
///
/// The ranges are what ApiVersions tells clients, and a range that is not real makes clients fail
/// in silence: librdkafka before 2.11 turns features off unless exact versions lie within it (lz4
/// needs FindCoordinator 0, compression needs Produce 0, zstd Fetch 10).
#pragma once

#include "broker/server/node_services.h"
#include "broker/server/request_context.h"
#include "kafka/api_keys.h"
#include "kafka/buffer_reader.h"
#include "kafka/messages/schema.h"

#include <expected>
#include <span>
#include <string>
#include <vector>

namespace verdikt::broker::server {

/// Why the connection has to be closed instead of answered.
struct unanswerable {
    std::string reason;
};

using serve_result = std::expected<void, unanswerable>;

struct api {
    kafka::api_key key{};
    kafka::messages::version_range listed;
    /// Narrower than `listed` for Produce: 0 to 2 are listed, as Kafka 4 does, and refused. Wider
    /// for what brokers ask of each other.
    kafka::messages::version_range served;
    /// Null for Produce, whose answers may overlap: see produce_handler.h. Requires: all references
    /// live until completion.
    runtime::awaitable<serve_result> (*serve)(node_services& here,
                                              const request_context& asked,
                                              kafka::buffer_reader body,
                                              reply& answer) = nullptr;
};

/// What is served to clients and to other brokers, sorted by key.
[[nodiscard]] std::span<const api> broker_apis();
/// What is served to other nodes on a controller's listener, sorted by key.
[[nodiscard]] std::span<const api> controller_apis();
/// Those of `broker_apis` that the group coordinator answers.
[[nodiscard]] std::vector<api> group_apis();
/// Those of transactions.
[[nodiscard]] std::vector<api> transaction_apis();
/// Those of `broker_apis` that the active controller decides, wherever it is.
[[nodiscard]] std::vector<api> forwarded_apis();

/// One entry of `listeners`.
struct served_listener {
    /// Clients are told of brokers by their addresses under this name.
    std::string name;
    std::span<const api> apis;
};

/// Null if it is not served. Requires: sorted by key.
[[nodiscard]] const api* find_api(std::span<const api> among, std::int16_t key);

}  // namespace verdikt::broker::server
