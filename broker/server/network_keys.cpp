/// Who this node is, whom it listens to, and what it lets clients use up.
#include "broker/server/broker_keys.h"
#include "broker/server/config_bounds.h"
#include "broker/server/config_choices.h"

#include <array>

namespace verdikt::broker::server {

namespace {

constexpr std::array declared_network_keys{
    config_key{.name = "node.id",
               .type = config_type::int32,
               .fallback = "1",
               .min = 0,
               .max = int32_max,
               .meaning = "Number of this node in the cluster."},
    config_key{.name = "broker.id",
               .type = config_type::int32,
               .min = 0,
               .max = int32_max,
               .alias_of = "node.id",
               .meaning = "Another name of node.id."},
    config_key{.name = "cluster.id",
               .meaning = "Identifier of the cluster. Empty: drawn at the first start and kept in "
                          "meta.properties."},
    config_key{
        .name = "listeners",
        .type = config_type::list,
        .fallback = "PLAINTEXT://:9092",
        .meaning =
            "Where to listen, as NAME://HOST:PORT. No host: every address. Port 0: a free one."},
    config_key{.name = "advertised.listeners",
               .type = config_type::list,
               .meaning = "What clients are told to connect to, as NAME://HOST:PORT. Empty: as "
                          "listeners, with localhost in place of no host."},
    config_key{.name = "metrics.listener",
               .meaning = "Where GET /metrics (Prometheus) and GET /healthz are answered, as "
                          "http://HOST:PORT. Empty: nowhere."},
    config_key{.name = "log.level",
               .fallback = "info",
               .choices = log_levels,
               .meaning = "Least important log lines that are written."},
    config_key{.name = "socket.request.max.bytes",
               .type = config_type::int32,
               .unit = "bytes",
               .fallback = "104857600",
               .min = 1,
               .max = int32_max,
               .meaning = "The largest request taken; a connection that announces more is closed."},
    config_key{.name = "queued.max.request.bytes",
               .type = config_type::int64,
               .unit = "bytes",
               .fallback = "268435456",
               .min = 1,
               .meaning = "Memory for requests of all connections together. While it is used up, "
                          "nobody is read from. (Kafka's default is no limit.)"},
    config_key{.name = "socket.request.timeout.ms",
               .type = config_type::int64,
               .unit = "ms",
               .fallback = "30000",
               .min = 1,
               .meaning = "How long a client may take to send the rest of a request that it began, "
                          "or to take an answer off the connection."},
    config_key{
        .name = "max.connections",
        .type = config_type::int32,
        .unit = "connections",
        .fallback = "10000",
        .min = 1,
        .max = int32_max,
        .meaning =
            "Connections at one time. More are closed at once. (Kafka's default is no limit.)"},
    config_key{.name = "max.connections.per.ip",
               .type = config_type::int32,
               .unit = "connections",
               .fallback = "2147483647",
               .min = 1,
               .max = int32_max,
               .meaning = "Connections from one address at one time."},
    config_key{.name = "connections.max.idle.ms",
               .type = config_type::int64,
               .unit = "ms",
               .fallback = "600000",
               .min = 1,
               .meaning = "A connection that has been silent for so long is closed."},
    config_key{
        .name = "max.in.flight.produce.requests",
        .type = config_type::int32,
        .unit = "requests",
        .fallback = "64",
        .min = 1,
        .max = 10000,
        .meaning = "Produce requests of one connection that may wait for their answer together."},
    config_key{.name = "fetch.max.bytes",
               .type = config_type::int32,
               .unit = "bytes",
               .fallback = "57671680",
               .min = 1024,
               .max = int32_max,
               .meaning = "The most that one fetch answers with."},
};

}  // namespace

std::span<const config_key> identity_and_network_keys() {
    return declared_network_keys;
}

}  // namespace verdikt::broker::server
