// Offsets and whole groups: committing, erasing, expiring.
#include "broker/coordinator/append_errors.h"
#include "broker/coordinator/group_partition.h"

#include <utility>

namespace verdikt::broker::coordinator {

using kafka::error_code;

runtime::awaitable<error_code> group_partition::commit(hosted_group& in,
                                                       std::vector<offset_to_commit> offsets) {
    const auto place = std::make_shared<runtime::wait_point<error_code>>();
    std::vector<log_record> records;
    for (const offset_to_commit& one : offsets) {
        in.offsets.begin(one.where);
        records.push_back(offset_record(in.id, one.where, one.value));
    }
    writer_.write(
        std::move(records),
        [this, id = in.id, offsets = std::move(offsets), place](error_code outcome) mutable {
            hosted_group* group = phase_ == phase::serving ? find(id) : nullptr;
            for (offset_to_commit& one : offsets) {
                if (group == nullptr) break;
                auto value = outcome == error_code::none ? std::optional(std::move(one.value))
                                                         : std::nullopt;
                group->offsets.finish(one.where, std::move(value));
            }
            place->deliver(commit_error(outcome));
        });
    co_return co_await place->wait();
}

runtime::awaitable<error_code> group_partition::commit_in_transaction(
    hosted_group& in, std::vector<offset_to_commit> offsets, log_transaction transaction) {
    const auto place = std::make_shared<runtime::wait_point<error_code>>();
    const kafka::producer_id producer = transaction.producer;
    std::vector<log_record> records;
    for (const offset_to_commit& one : offsets) {
        in.offsets.begin_in_transaction(one.where);
        records.push_back(offset_record(in.id, one.where, one.value));
    }
    writer_.write_in_transaction(
        std::move(records),
        std::move(transaction),
        [this, id = in.id, producer, offsets = std::move(offsets), place](
            error_code outcome) mutable {
            hosted_group* group = phase_ == phase::serving ? find(id) : nullptr;
            const bool is_written = outcome == error_code::none;
            if (group != nullptr && is_written) transactions_[producer].insert(id);
            for (offset_to_commit& one : offsets) {
                if (group == nullptr) break;
                auto value = is_written ? std::optional(std::move(one.value)) : std::nullopt;
                group->offsets.finish_in_transaction(one.where, producer, std::move(value));
            }
            place->deliver(commit_error(outcome));
        });
    co_return co_await place->wait();
}

runtime::awaitable<error_code> group_partition::write_marker(
    transactional::transaction_marker marker) {
    const auto place = std::make_shared<runtime::wait_point<error_code>>();
    writer_.write_marker(marker, [this, what = marker.what, place](error_code outcome) {
        if (phase_ == phase::serving && outcome == error_code::none) {
            transaction_ended(what.producer_id,
                              what.outcome == kafka::records::control_type::commit);
        }
        place->deliver(outcome);
    });
    co_return co_await place->wait();
}

void group_partition::transaction_ended(kafka::producer_id producer, bool committed) {
    const auto ended = transactions_.extract(producer);
    if (ended.empty()) return;
    for (const std::string& id : ended.mapped()) {
        if (hosted_group* group = find(id)) group->offsets.end_transaction(producer, committed);
    }
}

runtime::awaitable<error_code> group_partition::erase_offsets(
    hosted_group& in, std::vector<kafka::topic_partition> which) {
    const auto place = begin_erase_offsets(in, std::move(which));
    co_return co_await place->wait();
}

group_partition::outcome_place group_partition::begin_erase_offsets(
    hosted_group& in, std::vector<kafka::topic_partition> which) {
    auto place = std::make_shared<runtime::wait_point<error_code>>();
    std::vector<log_record> records;
    for (const auto& where : which) records.push_back(offset_tombstone(in.id, where));
    writer_.write(std::move(records),
                  [this, id = in.id, which = std::move(which), place](error_code outcome) {
                      hosted_group* group = phase_ == phase::serving ? find(id) : nullptr;
                      if (group != nullptr && outcome == error_code::none) {
                          for (const auto& where : which) group->offsets.erase(where);
                      }
                      place->deliver(coordinator_error(outcome));
                  });
    return place;
}

runtime::awaitable<error_code> group_partition::erase_group(hosted_group& in) {
    if (const error_code refused = in.machine.begin_deletion(); refused != error_code::none) {
        co_return refused;
    }
    const auto place = begin_erase_group(in);
    co_return co_await place->wait();
}

group_partition::outcome_place group_partition::begin_erase_group(hosted_group& in) {
    auto place = std::make_shared<runtime::wait_point<error_code>>();
    services_.timers.drop(in.id);
    std::vector<log_record> records;
    for (const auto& where : in.offsets.partitions()) {
        records.push_back(offset_tombstone(in.id, where));
    }
    if (in.recorded) records.push_back(group_tombstone(in.id));
    writer_.write(std::move(records), [this, id = in.id, place](error_code outcome) {
        hosted_group* group = phase_ == phase::serving ? find(id) : nullptr;
        if (group != nullptr) {
            if (outcome == error_code::none) {
                groups_.erase(id);
            } else {
                group->machine.undo_deletion();
            }
        }
        place->deliver(coordinator_error(outcome));
    });
    return place;
}

std::vector<kafka::topic_partition> group_partition::expired_offsets(const hosted_group& in) const {
    // A group that never had members is idle from each commit on.
    const auto idle_since = in.machine.protocol_type().empty()
                                ? std::nullopt
                                : std::optional<kafka::timestamp>(in.state_since);
    return in.offsets.expired(services_.now(), services_.config.offsets_retention, idle_since);
}

void group_partition::expire() {
    if (phase_ != phase::serving) return;
    for (auto& [id, group] : groups_) {
        if (group.machine.state() != group_state::empty) continue;
        if (!group.machine.pending_members().empty()) continue;
        if (group.offsets.empty()) {
            if (group.machine.begin_deletion() == error_code::none) begin_erase_group(group);
            continue;
        }
        auto expired = expired_offsets(group);
        if (!expired.empty()) begin_erase_offsets(group, std::move(expired));
    }
}

void group_partition::forget_topic(const std::string& topic) {
    if (phase_ != phase::serving) return;
    for (auto& [id, group] : groups_) {
        std::vector<kafka::topic_partition> gone;
        for (const auto& where : group.offsets.partitions()) {
            if (where.topic == topic) gone.push_back(where);
        }
        if (!gone.empty()) begin_erase_offsets(group, std::move(gone));
    }
}

}  // namespace verdikt::broker::coordinator
