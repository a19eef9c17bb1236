/// Keys of the server.properties that Kafka ships, which mean nothing to this broker.
#include "broker/server/broker_keys.h"
#include "broker/server/config_bounds.h"

#include <array>

namespace verdikt::broker::server {

namespace {

constexpr std::array declared_compatibility_keys{
    config_key{.name = "num.network.threads",
               .type = config_type::int32,
               .fallback = "3",
               .min = 1,
               .max = int32_max,
               .scope = config_scope::no_effect,
               .meaning = "A shard is one thread."},
    config_key{.name = "num.io.threads",
               .type = config_type::int32,
               .fallback = "8",
               .min = 1,
               .max = int32_max,
               .scope = config_scope::no_effect,
               .meaning = "A shard is one thread, beside one for each log directory."},
    config_key{.name = "num.recovery.threads.per.data.dir",
               .type = config_type::int32,
               .fallback = "1",
               .min = 1,
               .max = int32_max,
               .scope = config_scope::no_effect,
               .meaning = "Recovery runs on the log directory's own thread."},
    config_key{.name = "socket.send.buffer.bytes",
               .type = config_type::int32,
               .unit = "bytes",
               .fallback = "102400",
               .min = -1,
               .max = int32_max,
               .scope = config_scope::no_effect,
               .meaning = "The kernel sizes socket buffers."},
    config_key{.name = "socket.receive.buffer.bytes",
               .type = config_type::int32,
               .unit = "bytes",
               .fallback = "102400",
               .min = -1,
               .max = int32_max,
               .scope = config_scope::no_effect,
               .meaning = "The kernel sizes socket buffers."},
    config_key{.name = "listener.security.protocol.map",
               .fallback = "PLAINTEXT:PLAINTEXT",
               .scope = config_scope::no_effect,
               .meaning = "Every listener is plain text."},
};

}  // namespace

std::span<const config_key> compatibility_keys() {
    return declared_compatibility_keys;
}

}  // namespace verdikt::broker::server
