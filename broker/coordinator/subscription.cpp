#include "broker/coordinator/subscription.h"

#include "kafka/messages/consumer_protocol.h"
#include "kafka/messages/versioned.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::coordinator {

namespace messages = kafka::messages;

std::optional<std::vector<std::string>> subscribed_topics(std::span<const std::byte> metadata) {
    auto told = messages::decode_versioned<messages::consumer_protocol_subscription>(
        metadata, messages::newer_version::read_as_newest);
    if (!told) return std::nullopt;
    std::ranges::sort(told->topics);
    return std::move(told->topics);
}

}  // namespace verdikt::broker::coordinator
