// OffsetDelete (47, KIP-496): forget how far a group had come.
#include "broker/coordinator/group_coordinator.h"
#include "broker/coordinator/group_host.h"
#include "broker/coordinator/subscription.h"

#include <utility>

namespace verdikt::broker::coordinator {

using kafka::error_code;

namespace {

using delete_request = messages::offset_delete_request;
using delete_response = messages::offset_delete_response;

error_code refuse_all(const hosted_group* group) {
    if (group == nullptr) return error_code::group_id_not_found;
    const group_state state = group->machine.state();
    if (state == group_state::dead) return error_code::group_id_not_found;
    // Of other members than consumers nobody knows what they read.
    const bool consumers = group->machine.protocol_type() == consumer_protocol_type;
    return state == group_state::empty || consumers ? error_code::none
                                                    : error_code::non_empty_group;
}

error_code refuse_partition(const group_host& host,
                            const hosted_group& group,
                            const std::string& topic,
                            std::int32_t partition) {
    if (group.machine.subscribes_to(topic)) return error_code::group_subscribed_to_topic;
    const kafka::topic_partition where{topic, kafka::partition_index(partition)};
    const bool known = group.offsets.knows(where) || host.topics().exists(topic, where.partition);
    return known ? error_code::none : error_code::unknown_topic_or_partition;
}

/// The partitions to erase; the others get their error in `response`.
std::vector<kafka::topic_partition> sort_out(const group_host& host,
                                             const hosted_group& group,
                                             const delete_request& request,
                                             delete_response& response) {
    std::vector<kafka::topic_partition> accepted;
    for (const auto& topic : request.topics) {
        auto& answered = response.topics.emplace_back();
        answered.name = topic.name;
        for (const auto& partition : topic.partitions) {
            const std::int32_t index = partition.partition_index;
            const error_code refused = refuse_partition(host, group, topic.name, index);
            answered.partitions.push_back({index, kafka::to_wire(refused)});
            if (refused != error_code::none) continue;
            accepted.push_back({topic.name, kafka::partition_index(index)});
        }
    }
    return accepted;
}

}  // namespace

runtime::awaitable<delete_response> group_coordinator::offset_delete(delete_request request,
                                                                     request_origin) {
    delete_response response;
    const auto fail = [&](error_code why) {
        return delete_response{.error_code = kafka::to_wire(why)};
    };
    if (request.group_id.empty()) co_return fail(error_code::invalid_group_id);
    const auto partition = host_->serving(request.group_id);
    if (!partition) co_return fail(partition.error());
    hosted_group* group = (*partition)->find(request.group_id);
    const error_code refused = refuse_all(group);
    if (refused != error_code::none) co_return fail(refused);
    auto accepted = sort_out(*host_, *group, request, response);
    if (accepted.empty()) co_return response;
    auto erasing = (*partition)->erase_offsets(*group, std::move(accepted));
    const error_code outcome = co_await std::move(erasing);
    if (outcome != error_code::none) co_return fail(outcome);
    co_return response;
}

}  // namespace verdikt::broker::coordinator
