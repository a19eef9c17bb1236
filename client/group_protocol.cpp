#include "client/group_protocol.h"

#include "kafka/buffer_reader.h"
#include "kafka/buffer_writer.h"
#include "kafka/messages/consumer_protocol.h"
#include "kafka/messages/decode.h"
#include "kafka/messages/encode.h"
#include "runtime/check.h"

#include <algorithm>

namespace verdikt::client {

namespace {

using kafka::messages::consumer_protocol_assignment;
using kafka::messages::consumer_protocol_subscription;

constexpr std::int16_t subscription_version = 2;
constexpr std::int16_t assignment_version = 0;

template <typename Message>
std::vector<std::byte> write(const Message& message, std::int16_t version) {
    kafka::messages::encoded out;
    kafka::buffer_writer(out.bytes).write<std::int16_t>(version);
    const auto written = kafka::messages::encode(message, version, out);
    CHECK(written.has_value());
    return std::move(out.bytes);
}

template <typename Message>
std::optional<Message> read(std::span<const std::byte> bytes, std::int16_t newest) {
    kafka::buffer_reader reader(bytes);
    const auto version = reader.read<std::int16_t>();
    if (reader.failed() || version < 0) return std::nullopt;
    auto message = kafka::messages::decode<Message>(reader, std::min(version, newest));
    if (!message) return std::nullopt;
    return std::move(*message);
}

template <typename Group>
std::vector<Group> to_groups(const std::set<topic_partition>& partitions) {
    std::vector<Group> groups;
    for (const topic_partition& each : partitions) {
        if (groups.empty() || groups.back().topic != each.topic) {
            groups.push_back({.topic = each.topic, .partitions = {}});
        }
        groups.back().partitions.push_back(each.partition.value());
    }
    return groups;
}

template <typename Group>
std::set<topic_partition> from_groups(const std::vector<Group>& groups) {
    std::set<topic_partition> partitions;
    for (const Group& group : groups) {
        for (const std::int32_t index : group.partitions) {
            partitions.insert({.topic = group.topic, .partition = kafka::partition_index(index)});
        }
    }
    return partitions;
}

}  // namespace

std::vector<std::byte> write_subscription(const subscription& what) {
    consumer_protocol_subscription message;
    message.topics.assign(what.topics.begin(), what.topics.end());
    message.owned_partitions =
        to_groups<consumer_protocol_subscription::topic_partition>(what.owned);
    message.generation_id = what.generation;
    return write(message, subscription_version);
}

std::optional<subscription> read_subscription(std::span<const std::byte> bytes) {
    const auto message = read<consumer_protocol_subscription>(bytes, subscription_version);
    if (!message) return std::nullopt;
    return subscription{.topics = {message->topics.begin(), message->topics.end()},
                        .owned = from_groups(message->owned_partitions),
                        .generation = message->generation_id};
}

std::vector<std::byte> write_assignment(const std::set<topic_partition>& what) {
    consumer_protocol_assignment message;
    message.assigned_partitions = to_groups<consumer_protocol_assignment::topic_partition>(what);
    return write(message, assignment_version);
}

std::optional<std::set<topic_partition>> read_assignment(std::span<const std::byte> bytes) {
    if (bytes.empty()) return std::set<topic_partition>();
    const auto message = read<consumer_protocol_assignment>(bytes, assignment_version);
    if (!message) return std::nullopt;
    return from_groups(message->assigned_partitions);
}

}  // namespace verdikt::client
