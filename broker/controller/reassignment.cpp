#include "broker/controller/reassignment.h"

#include "broker/controller/assignment.h"
#include "broker/controller/partition_change.h"
#include "kafka/error_codes.h"

#include <algorithm>
#include <iterator>

namespace verdikt::broker::controller {

namespace messages = kafka::messages;
using kafka::error_code;
using metadata::contains;
using metadata::nodes;
using metadata::partition;
using metadata::topic_partition_id;
using metadata::without;

namespace {

/// Gives the change these replicas; those that are new lie where their broker says.
void set_replicas(const metadata::image& image,
                  const partition& present,
                  partition_change& change,
                  nodes replicas) {
    change.directories.clear();
    for (const kafka::node_id which : replicas) {
        change.directories.push_back(contains(present.replicas, which)
                                         ? present.directory_of(which)
                                         : directory_for_new_replica(image, which));
    }
    change.isr = without(present.isr, without(present.replicas, replicas));
    change.replicas = std::move(replicas);
}

/// Replicas can be taken away only if somebody complete is among the rest, or, where nobody is
/// complete, whoever led last: with neither nobody could ever be elected again.
std::optional<fault> loss_fault(const partition& present, const nodes& replicas) {
    const auto one_stays = [&replicas](const nodes& some) {
        return std::ranges::any_of(
            some, [&replicas](kafka::node_id which) { return contains(replicas, which); });
    };
    if (one_stays(present.isr) || one_stays(present.eligible)) return std::nullopt;
    const nodes& led_last = present.last_known_eligible;
    if (present.isr.empty() && present.eligible.empty() &&
        (led_last.empty() || one_stays(led_last)))
        return std::nullopt;
    return fault{error_code::invalid_replica_assignment,
                 "no replica would be left that has all that was acknowledged, or that led last"};
}

fault carry_out(draft& into, const topic_partition_id& which, const partition_change& change) {
    append_change(into, which, change);
    return {};
}

fault cancel(draft& into, const metadata::topic& topic, const topic_partition_id& which) {
    const partition& present = *into.image().find_partition(which);
    if (!present.is_reassigning())
        return {error_code::no_reassignment_in_progress, "the partition is not being moved"};
    nodes original = without(present.replicas, present.adding);
    if (auto wrong = loss_fault(present, original)) return std::move(*wrong);
    partition_change change = change_of(into, topic, present);
    set_replicas(into.image(), present, change, std::move(original));
    change.adding.clear();
    change.removing.clear();
    return carry_out(into, which, change);
}

/// Replicas that an earlier reassignment was bringing in and this one does not want leave at once:
/// they belong neither to where the partition was nor to where it shall be.
fault reassign(draft& into,
               const metadata::topic& topic,
               const topic_partition_id& which,
               const nodes& target) {
    if (auto wrong = replicas_fault(into.image(), target)) return std::move(*wrong);
    const partition& present = *into.image().find_partition(which);
    const nodes original = without(present.replicas, present.adding);
    partition_change change = change_of(into, topic, present);
    change.adding = without(target, original);
    change.removing = without(original, target);
    nodes meanwhile = target;
    std::ranges::copy(change.removing, std::back_inserter(meanwhile));
    if (auto wrong = loss_fault(present, meanwhile)) return std::move(*wrong);
    set_replicas(into.image(), present, change, std::move(meanwhile));
    return carry_out(into, which, change);
}

fault alter(draft& into,
            const std::string& name,
            const messages::alter_partition_reassignments_request::reassignable_partition& asked) {
    const metadata::topic* topic = into.image().find_topic(name);
    if (topic == nullptr) return {error_code::unknown_topic_or_partition, "there is no such topic"};
    const topic_partition_id which{topic->id, kafka::partition_index(asked.partition_index)};
    if (into.image().find_partition(which) == nullptr)
        return {error_code::unknown_topic_or_partition, "there is no such partition"};
    if (!asked.replicas) return cancel(into, *topic, which);
    return reassign(into, *topic, which, metadata::from_wire(*asked.replicas));
}

using listed_topic = messages::list_partition_reassignments_response::ongoing_topic_reassignment;

void list(std::vector<listed_topic>& into,
          const metadata::topic& topic,
          const std::optional<std::vector<std::int32_t>>& wanted) {
    listed_topic result{.name = topic.name};
    for (std::size_t index = 0; index < topic.partitions.size(); ++index) {
        const partition& each = topic.partitions[index];
        const auto number = static_cast<std::int32_t>(index);
        if (!each.is_reassigning()) continue;
        if (wanted && std::ranges::find(*wanted, number) == wanted->end()) continue;
        result.partitions.push_back({.partition_index = number,
                                     .replicas = metadata::to_wire(each.replicas),
                                     .adding_replicas = metadata::to_wire(each.adding),
                                     .removing_replicas = metadata::to_wire(each.removing)});
    }
    if (!result.partitions.empty()) into.push_back(std::move(result));
}

}  // namespace

messages::alter_partition_reassignments_response reassign_partitions(
    draft& into, const messages::alter_partition_reassignments_request& request) {
    messages::alter_partition_reassignments_response response;
    response.error_message.reset();
    for (const auto& topic : request.topics) {
        auto& answered = response.responses.emplace_back();
        answered.name = topic.name;
        for (const auto& asked : topic.partitions) {
            fault result = alter(into, topic.name, asked);
            auto& answer = answered.partitions.emplace_back();
            answer.partition_index = asked.partition_index;
            answer.error_code = kafka::to_wire(result.code);
            answer.error_message.reset();
            if (result.code != error_code::none) answer.error_message = std::move(result.message);
        }
    }
    return response;
}

messages::list_partition_reassignments_response list_reassignments(
    const metadata::image& image, const messages::list_partition_reassignments_request& request) {
    messages::list_partition_reassignments_response response;
    response.error_message.reset();
    if (!request.topics) {
        for (const auto& [id, topic] : image.topics()) list(response.topics, topic, std::nullopt);
        return response;
    }
    for (const auto& wanted : *request.topics) {
        const metadata::topic* topic = image.find_topic(wanted.name);
        if (topic != nullptr) list(response.topics, *topic, wanted.partition_indexes);
    }
    return response;
}

}  // namespace verdikt::broker::controller
