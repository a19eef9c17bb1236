#include "broker/coordinator/subscription.h"

#include "kafka/buffer_reader.h"

#include <algorithm>

namespace verdikt::broker::coordinator {

std::optional<std::vector<std::string>> subscribed_topics(std::span<const std::byte> metadata) {
    kafka::buffer_reader reader(metadata);
    const auto version = reader.read<std::int16_t>();
    const auto count = reader.read<std::int32_t>();
    if (reader.failed() || version < 0 || count < 0) return std::nullopt;
    std::vector<std::string> topics;
    for (std::int32_t left = count; left > 0 && !reader.failed(); --left) {
        const auto size = reader.read<std::int16_t>();
        if (size < 0) return std::nullopt;
        const auto name = reader.read_bytes(static_cast<std::size_t>(size));
        topics.emplace_back(reinterpret_cast<const char*>(name.data()), name.size());
    }
    if (reader.failed()) return std::nullopt;
    std::ranges::sort(topics);
    return topics;
}

}  // namespace verdikt::broker::coordinator
