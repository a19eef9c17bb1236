#include "client/positions.h"

#include "runtime/check.h"

namespace verdikt::client {

void positions::assign(const std::set<topic_partition>& partitions) {
    std::erase_if(all_, [&](const auto& each) { return !partitions.contains(each.first); });
    for (const topic_partition& each : partitions) {
        const auto [added, is_new] = all_.try_emplace(each);
        if (!is_new) continue;
        added->second.turn = next_turn_++;
        if (!has_group_) reset_by_policy(added->second);
    }
}

std::set<topic_partition> positions::assigned() const {
    std::set<topic_partition> partitions;
    for (const auto& [which, position] : all_) partitions.insert(which);
    return partitions;
}

std::set<topic_partition> positions::in_state(position_state state) const {
    std::set<topic_partition> partitions;
    for (const auto& [which, position] : all_) {
        if (position.state == state) partitions.insert(which);
    }
    return partitions;
}

const partition_position* positions::find(const topic_partition& which) const {
    const auto found = all_.find(which);
    return found == all_.end() ? nullptr : &found->second;
}

partition_position* positions::current(const topic_partition& which, std::uint64_t turn) {
    const auto found = all_.find(which);
    if (found == all_.end() || found->second.turn != turn) return nullptr;
    return &found->second;
}

void positions::seek(const topic_partition& which, fetch_position to) {
    partition_position& position = all_.at(which);
    position.turn = next_turn_++;
    position.state = position_state::fetching;
    position.at = to;
    position.leader = kafka::no_leader_epoch;
}

void positions::seek_by_time(const topic_partition& which, std::int64_t reset_timestamp) {
    partition_position& position = all_.at(which);
    position.turn = next_turn_++;
    position.state = position_state::resetting;
    position.reset_timestamp = reset_timestamp;
}

void positions::set_paused(const topic_partition& which, bool paused) {
    all_.at(which).paused = paused;
}

void positions::advance(const topic_partition& which, fetch_position to) {
    partition_position& position = all_.at(which);
    CHECK(to.offset >= position.at.offset);
    position.at = to;
}

void positions::reset_by_policy(partition_position& which) const {
    which.state = reset_timestamp_ ? position_state::resetting : position_state::stuck;
    which.reset_timestamp = reset_timestamp_.value_or(0);
}

void positions::committed(const topic_partition& which,
                          std::uint64_t turn,
                          const std::optional<committed_offset>& offset) {
    partition_position* const position = current(which, turn);
    if (position == nullptr || position->state != position_state::uncommitted) return;
    if (!offset) {
        reset_by_policy(*position);
        return;
    }
    position->state = position_state::fetching;
    position->at = {.offset = offset->offset, .epoch = offset->epoch};
    position->leader = kafka::no_leader_epoch;
}

void positions::reset(const topic_partition& which, std::uint64_t turn, fetch_position to) {
    partition_position* const position = current(which, turn);
    if (position == nullptr || position->state != position_state::resetting) return;
    position->turn = next_turn_++;
    position->state = position_state::fetching;
    // The epoch belongs to the record at the offset, not to the one before it.
    position->at = {.offset = to.offset};
    position->leader = to.epoch;
}

void positions::out_of_range(const topic_partition& which, std::uint64_t turn) {
    partition_position* const position = current(which, turn);
    if (position == nullptr || position->state != position_state::fetching) return;
    position->turn = next_turn_++;
    reset_by_policy(*position);
}

bool positions::validated(const topic_partition& which,
                          std::uint64_t turn,
                          kafka::leader_epoch leader,
                          fetch_position end) {
    partition_position* const position = current(which, turn);
    if (position == nullptr || position->state != position_state::validating) return true;
    const bool agrees = end.offset >= position->at.offset;
    if (agrees) {
        position->state = position_state::fetching;
        position->leader = leader;
        return true;
    }
    position->turn = next_turn_++;
    if (!reset_timestamp_) {
        position->state = position_state::stuck;
        return false;
    }
    if (end.offset < kafka::offset(0)) {
        reset_by_policy(*position);
        return true;
    }
    position->state = position_state::fetching;
    position->at = end;
    position->leader = leader;
    return true;
}

void positions::led_by(const topic_partition& which,
                       kafka::leader_epoch leader,
                       bool can_validate) {
    const auto found = all_.find(which);
    if (found == all_.end() || found->second.state != position_state::fetching) return;
    partition_position& position = found->second;
    if (leader <= position.leader) return;
    if (can_validate && position.at.epoch != kafka::no_leader_epoch) {
        position.state = position_state::validating;
    } else {
        position.leader = leader;
    }
}

std::map<topic_partition, committed_offset> positions::to_commit() const {
    std::map<topic_partition, committed_offset> offsets;
    for (const auto& [which, position] : all_) {
        const bool known = position.state == position_state::fetching ||
                           position.state == position_state::validating;
        if (known) offsets[which] = {.offset = position.at.offset, .epoch = position.at.epoch};
    }
    return offsets;
}

void positions::check_invariants() const {
    std::set<std::uint64_t> turns;
    for (const auto& [which, position] : all_) {
        CHECK(turns.insert(position.turn).second, "two partitions share a turn");
        const bool known = position.state == position_state::fetching ||
                           position.state == position_state::validating;
        CHECK(!known || position.at.offset >= kafka::offset(0), "{}", which);
    }
}

}  // namespace verdikt::client
