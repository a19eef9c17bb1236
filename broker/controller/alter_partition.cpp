#include "broker/controller/alter_partition.h"

#include "broker/controller/partition_change.h"
#include "kafka/error_codes.h"
#include "runtime/check.h"

#include <algorithm>
#include <set>

namespace verdikt::broker::controller {

namespace messages = kafka::messages;
using kafka::error_code;
using kafka::node_id;
using metadata::contains;
using metadata::partition;
using metadata::recovery_state;
using asked_partition = messages::alter_partition_request::partition_data;
using answered_partition = messages::alter_partition_response::partition_data;

namespace {

struct proposal {
    node_id sender;
    metadata::nodes isr;
    std::vector<kafka::broker_epoch> epochs;  ///< Of each member, or -1 where the sender has none.
    recovery_state recovery = recovery_state::recovered;
};

/// Versions before 3 have a plain list.
proposal proposal_of(node_id sender, const asked_partition& asked) {
    proposal result{.sender = sender,
                    .isr = metadata::from_wire(asked.new_isr),
                    .epochs = std::vector(asked.new_isr.size(), kafka::no_broker_epoch),
                    .recovery = asked.leader_recovery_state == 0 ? recovery_state::recovered
                                                                 : recovery_state::recovering};
    for (const auto& member : asked.new_isr_with_epochs) {
        result.isr.emplace_back(member.broker_id);
        result.epochs.emplace_back(member.broker_epoch);
    }
    return result;
}

error_code check_sender(const partition& present, node_id sender, const asked_partition& asked) {
    if (asked.leader_epoch > present.leader_epoch.value() ||
        asked.partition_epoch > present.epoch.value())
        return error_code::not_controller;
    if (asked.leader_epoch < present.leader_epoch.value()) return error_code::fenced_leader_epoch;
    if (sender != present.leader) return error_code::invalid_request;
    if (asked.partition_epoch < present.epoch.value()) return error_code::invalid_update_version;
    return error_code::none;
}

bool is_well_formed(const partition& present, const proposal& proposed) {
    const std::set<node_id> members(proposed.isr.begin(), proposed.isr.end());
    if (members.size() != proposed.isr.size() || !members.contains(present.leader)) return false;
    const bool are_replicas = std::ranges::all_of(
        proposed.isr, [&](node_id member) { return contains(present.replicas, member); });
    if (!are_replicas) return false;
    if (proposed.recovery == recovery_state::recovered) return true;
    // While it recovers, its followers may still have what it lost.
    return present.recovery == recovery_state::recovering && proposed.isr.size() == 1;
}

bool is_eligible(const metadata::image& image,
                 const partition& present,
                 node_id member,
                 kafka::broker_epoch epoch) {
    if (!image.is_electable(present, member)) return false;
    if (epoch == kafka::no_broker_epoch) return contains(present.isr, member);
    return image.find_broker(member)->epoch == epoch;
}

error_code check_members(const metadata::image& image,
                         const partition& present,
                         const proposal& proposed) {
    if (!is_well_formed(present, proposed)) return error_code::invalid_request;
    for (std::size_t index = 0; index < proposed.isr.size(); ++index) {
        if (!is_eligible(image, present, proposed.isr[index], proposed.epochs[index]))
            return error_code::ineligible_replica;
    }
    return error_code::none;
}

void describe(answered_partition& answer, const partition& now) {
    answer.leader_id = now.leader.value();
    answer.leader_epoch = now.leader_epoch.value();
    answer.isr = metadata::to_wire(now.isr);
    answer.leader_recovery_state = static_cast<std::int8_t>(now.recovery);
    answer.partition_epoch = now.epoch.value();
}

answered_partition alter(draft& into,
                         const kafka::uuid& topic_id,
                         node_id sender,
                         const asked_partition& asked) {
    answered_partition answer{.partition_index = asked.partition_index};
    const auto refused = [&](error_code why) {
        answer.error_code = kafka::to_wire(why);
        return answer;
    };
    const metadata::topic* topic = into.image().find_topic(topic_id);
    if (topic == nullptr) return refused(error_code::unknown_topic_id);
    const metadata::topic_partition_id which{topic_id,
                                             kafka::partition_index(asked.partition_index)};
    const partition* present = into.image().find_partition(which);
    if (present == nullptr) return refused(error_code::unknown_topic_or_partition);
    const proposal proposed = proposal_of(sender, asked);
    if (const auto why = check_sender(*present, sender, asked); why != error_code::none)
        return refused(why);
    if (const auto why = check_members(into.image(), *present, proposed); why != error_code::none)
        return refused(why);
    partition_change change = change_of(into, *topic, *present);
    change.isr = proposed.isr;
    change.recovery = proposed.recovery;
    // A leader that is in doubt about an earlier request proposes the set as it stands, so that the
    // epoch moves on and voids it.
    change.even_if_same = true;
    append_change(into, which, change);
    if (present->leader != sender) return refused(error_code::new_leader_elected);
    describe(answer, *present);
    return answer;
}

}  // namespace

messages::alter_partition_response alter_partition(
    draft& into, const messages::alter_partition_request& request) {
    messages::alter_partition_response answer;
    const node_id sender(request.broker_id);
    const metadata::broker_registration* broker = into.image().find_broker(sender);
    if (broker == nullptr || broker->epoch.value() != request.broker_epoch) {
        answer.error_code = kafka::to_wire(error_code::stale_broker_epoch);
        return answer;
    }
    for (const auto& topic : request.topics) {
        auto& answered = answer.topics.emplace_back();
        answered.topic_id = topic.topic_id;
        for (const auto& asked : topic.partitions)
            answered.partitions.push_back(alter(into, topic.topic_id, sender, asked));
    }
    return answer;
}

}  // namespace verdikt::broker::controller
