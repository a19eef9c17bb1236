#include "broker/coordinator/stored_records.h"

#include "kafka/buffer_reader.h"
#include "kafka/messages/group_records.h"
#include "kafka/messages/offset_records.h"
#include "kafka/messages/versioned.h"
#include "runtime/check.h"

#include <set>
#include <string_view>
#include <utility>

namespace verdikt::broker::coordinator {

namespace messages = kafka::messages;

namespace {

constexpr std::int16_t offset_key_version = 1;
constexpr std::int16_t offset_value_version = 3;
constexpr std::int16_t expiring_offset_value_version = 1;
constexpr std::int16_t group_key_version = 2;
constexpr std::int16_t group_value_version = 3;

template <typename Message>
std::vector<std::byte> encode(const Message& message, std::int16_t version) {
    auto bytes = messages::encode_versioned(message, version);
    CHECK(bytes.has_value(), "{}", messages::describe(bytes.error().what));
    return std::move(*bytes);
}

std::vector<std::byte> offset_key(const std::string& group, const kafka::topic_partition& where) {
    return encode(
        messages::offset_commit_key{
            .group = group, .topic = where.topic, .partition = where.partition.value()},
        offset_key_version);
}

std::vector<std::byte> group_key(const std::string& group) {
    return encode(messages::group_metadata_key{.group = group}, group_key_version);
}

std::int32_t wire_milliseconds(milliseconds span) {
    return static_cast<std::int32_t>(span.count());
}

stored_group to_stored_group(messages::group_metadata_value value) {
    stored_group state{.protocol_type = std::move(value.protocol_type),
                       .in = generation(value.generation),
                       .protocol = std::move(value.protocol),
                       .leader = std::move(value.leader)};
    for (auto& member : value.members) {
        // Version 0 knew no rebalance timeout; the session timeout stood for both.
        const std::int32_t rebalance_timeout =
            member.rebalance_timeout < 0 ? member.session_timeout : member.rebalance_timeout;
        state.members.push_back({.member_id = std::move(member.member_id),
                                 .instance_id = std::move(member.group_instance_id),
                                 .client_id = std::move(member.client_id),
                                 .client_host = std::move(member.client_host),
                                 .rebalance_timeout = milliseconds(rebalance_timeout),
                                 .session_timeout = milliseconds(member.session_timeout),
                                 .subscription = std::move(member.subscription),
                                 .assignment = std::move(member.assignment)});
    }
    return state;
}

/// A member has one id, and an instance is one member.
bool sound(const stored_group& state) {
    std::set<std::string_view> ids;
    for (const stored_member& member : state.members) {
        if (!ids.insert(member.member_id).second) return false;
    }
    std::set<std::string_view> instances;
    for (const stored_member& member : state.members) {
        if (member.instance_id && !instances.insert(*member.instance_id).second) return false;
    }
    return true;
}

committed_offset to_committed_offset(messages::offset_commit_value value) {
    committed_offset result{.at = kafka::offset(value.offset),
                            .epoch = kafka::leader_epoch(value.leader_epoch),
                            .metadata = std::move(value.metadata),
                            .committed = kafka::timestamp(value.commit_timestamp)};
    if (value.expire_timestamp >= 0) result.expires = kafka::timestamp(value.expire_timestamp);
    return result;
}

std::variant<read_offset, read_group, unreadable> read_offset_record(
    std::span<const std::byte> key, std::optional<std::span<const std::byte>> value) {
    auto name = messages::decode_versioned<messages::offset_commit_key>(key);
    if (!name) return unreadable{};
    read_offset record{std::move(name->group),
                       {std::move(name->topic), kafka::partition_index(name->partition)},
                       std::nullopt};
    if (!value) return record;
    auto read = messages::decode_versioned<messages::offset_commit_value>(*value);
    if (!read) return unreadable{};
    record.value = to_committed_offset(std::move(*read));
    return record;
}

std::variant<read_offset, read_group, unreadable> read_group_record(
    std::span<const std::byte> key, std::optional<std::span<const std::byte>> value) {
    auto name = messages::decode_versioned<messages::group_metadata_key>(key);
    if (!name) return unreadable{};
    read_group record{std::move(name->group), std::nullopt, kafka::no_timestamp};
    if (!value) return record;
    auto read = messages::decode_versioned<messages::group_metadata_value>(*value);
    if (!read) return unreadable{};
    record.since = kafka::timestamp(read->current_state_timestamp);
    record.state = to_stored_group(std::move(*read));
    if (!sound(*record.state)) return unreadable{};
    return record;
}

}  // namespace

log_record offset_record(const std::string& group,
                         const kafka::topic_partition& where,
                         const committed_offset& value) {
    const messages::offset_commit_value stored{
        .offset = value.at.value(),
        .leader_epoch = value.expires ? -1 : value.epoch.value(),
        .metadata = value.metadata,
        .commit_timestamp = value.committed.value(),
        .expire_timestamp = value.expires.value_or(kafka::no_timestamp).value()};
    return {offset_key(group, where),
            encode(stored, value.expires ? expiring_offset_value_version : offset_value_version)};
}

log_record offset_tombstone(const std::string& group, const kafka::topic_partition& where) {
    return {offset_key(group, where), std::nullopt};
}

log_record group_record(const std::string& group, const stored_group& state, kafka::timestamp now) {
    messages::group_metadata_value stored{.protocol_type = state.protocol_type,
                                          .generation = state.in.value(),
                                          .protocol = state.protocol,
                                          .leader = state.leader,
                                          .current_state_timestamp = now.value()};
    for (const stored_member& member : state.members) {
        stored.members.push_back({.member_id = member.member_id,
                                  .group_instance_id = member.instance_id,
                                  .client_id = member.client_id,
                                  .client_host = member.client_host,
                                  .rebalance_timeout = wire_milliseconds(member.rebalance_timeout),
                                  .session_timeout = wire_milliseconds(member.session_timeout),
                                  .subscription = member.subscription,
                                  .assignment = member.assignment});
    }
    return {group_key(group), encode(stored, group_value_version)};
}

log_record group_tombstone(const std::string& group) {
    return {group_key(group), std::nullopt};
}

std::variant<read_offset, read_group, unreadable> read_record(
    std::span<const std::byte> key, std::optional<std::span<const std::byte>> value) {
    kafka::buffer_reader reader(key);
    const auto version = reader.read<std::int16_t>();
    if (reader.failed() || version < 0) return unreadable{};
    if (version <= offset_key_version) return read_offset_record(key, value);
    if (version == group_key_version) return read_group_record(key, value);
    return unreadable{};
}

}  // namespace verdikt::broker::coordinator
