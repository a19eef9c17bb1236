#include "broker/raft/wire/stored_names.h"

#include "broker/raft/wire/partition_of.h"
#include "runtime/parse_number.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdint>

namespace verdikt::broker::raft::wire {
namespace {

using nlohmann::json;

/// The first that knows the directory of whom was voted for (KIP-853).
constexpr int data_version = 1;
constexpr std::string_view snapshot_suffix = ".checkpoint";
constexpr std::size_t end_digits = 20;
constexpr std::size_t epoch_digits = 10;

quorum_state state_from(const json& object) {
    if (object.at("data_version").get<int>() != data_version)
        throw json::other_error::create(501, "unknown data_version", &object);
    quorum_state state{.epoch = leader_epoch(object.at("leaderEpoch").get<std::int32_t>())};
    const auto leader = object.at("leaderId").get<std::int32_t>();
    if (leader != no_node) state.leader = node_id(leader);
    const auto voted = object.at("votedId").get<std::int32_t>();
    if (voted == no_node) return state;
    const auto directory = kafka::uuid_from_text(object.at("votedDirectoryId").get<std::string>());
    if (!directory) throw json::other_error::create(501, "votedDirectoryId is no id", &object);
    state.voted = {node_id(voted), *directory};
    return state;
}

template <typename Number>
std::optional<Number> number_from(std::string_view digits) {
    const auto value = runtime::parse_number<Number>(digits);
    return value >= 0 ? value : std::nullopt;
}

}  // namespace

std::string encode_quorum_state(const quorum_state& state) {
    const replica_key voted = state.voted.value_or(replica_key{});
    const json object = {{"leaderId", state.leader ? state.leader->value() : no_node},
                         {"leaderEpoch", state.epoch.value()},
                         {"votedId", state.voted ? voted.id.value() : no_node},
                         {"votedDirectoryId", kafka::to_text(voted.directory)},
                         {"data_version", data_version}};
    return object.dump() + "\n";
}

std::expected<quorum_state, std::string> decode_quorum_state(std::string_view text) {
    try {
        return state_from(json::parse(text));
    } catch (const json::exception& error) {
        return std::unexpected(std::string(error.what()));
    }
}

std::string snapshot_file_name(const snapshot_id& id) {
    return fmt::format("{:020}-{:010}{}", id.end.value(), id.epoch.value(), snapshot_suffix);
}

std::optional<snapshot_id> snapshot_from_file_name(std::string_view name) {
    constexpr std::size_t size = end_digits + 1 + epoch_digits + snapshot_suffix.size();
    if (name.size() != size || !name.ends_with(snapshot_suffix)) return std::nullopt;
    if (name[end_digits] != '-') return std::nullopt;
    const auto end = number_from<std::int64_t>(name.substr(0, end_digits));
    const auto epoch = number_from<std::int32_t>(name.substr(end_digits + 1, epoch_digits));
    if (!end || !epoch) return std::nullopt;
    return snapshot_id{leader_epoch(*epoch), offset(*end)};
}

}  // namespace verdikt::broker::raft::wire
