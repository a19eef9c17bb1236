// TxnOffsetCommit (28), versions 0 to 5.
#include "broker/coordinator/commit_answers.h"
#include "broker/coordinator/group_coordinator.h"
#include "broker/coordinator/group_host.h"

#include <utility>

namespace verdikt::broker::coordinator {

using kafka::error_code;

namespace {

using messages::txn_offset_commit_request;
using messages::txn_offset_commit_response;

/// From here on the request itself adds the group to the transaction (KIP-890).
constexpr std::int16_t first_that_adds = 5;

error_code refuse_partition(
    const group_host& host,
    const std::string& topic,
    const txn_offset_commit_request::txn_offset_commit_request_partition& partition) {
    if (!host.topics().exists(topic, kafka::partition_index(partition.partition_index))) {
        return error_code::unknown_topic_or_partition;
    }
    const std::size_t note =
        partition.committed_metadata ? partition.committed_metadata->size() : 0;
    return note > host.config().metadata_max_bytes ? error_code::offset_metadata_too_large
                                                   : error_code::none;
}

/// The partitions that can be committed; the others get their error in `response`.
std::vector<offset_to_commit> sort_out(const group_host& host,
                                       const txn_offset_commit_request& request,
                                       txn_offset_commit_response& response) {
    std::vector<offset_to_commit> accepted;
    for (std::size_t i = 0; i < request.topics.size(); ++i) {
        const auto& topic = request.topics[i];
        for (std::size_t j = 0; j < topic.partitions.size(); ++j) {
            const auto& partition = topic.partitions[j];
            const error_code refused = refuse_partition(host, topic.name, partition);
            response.topics[i].partitions[j].error_code = kafka::to_wire(refused);
            if (refused != error_code::none) continue;
            accepted.push_back(
                {.where = {topic.name, kafka::partition_index(partition.partition_index)},
                 .value = {.at = kafka::offset(partition.committed_offset),
                           .epoch = kafka::leader_epoch(partition.committed_leader_epoch),
                           .metadata = partition.committed_metadata.value_or(""),
                           .committed = host.now()}});
        }
    }
    return accepted;
}

/// What the coordinator of the transaction says, as a producer takes it from that of the group: to
/// look for another coordinator of the group would be wrong.
error_code verification_error(error_code answer) {
    switch (answer) {
        case error_code::concurrent_transactions:
        case error_code::coordinator_not_available:
        case error_code::not_coordinator:
        case error_code::network_exception:
        case error_code::request_timed_out:
        case error_code::unknown_topic_or_partition:
            return error_code::coordinator_load_in_progress;
        default:
            return answer;
    }
}

/// Whether the sender may commit into this group, which is made where an outsider may make it.
std::expected<hosted_group*, error_code> admit(group_partition& partition,
                                               const txn_offset_commit_request& request) {
    const member_identity who{
        request.member_id, request.group_instance_id, generation(request.generation_id)};
    hosted_group* group = partition.find(request.group_id);
    // A generation that nobody knows here is from before the group was deleted.
    if (group == nullptr && who.in >= generation(0)) {
        return std::unexpected(error_code::illegal_generation);
    }
    if (group == nullptr) group = &partition.find_or_create(request.group_id);
    const error_code refused = group->machine.admit_transactional_commit(who);
    if (refused != error_code::none) return std::unexpected(refused);
    return group;
}

}  // namespace

runtime::awaitable<txn_offset_commit_response> group_coordinator::txn_offset_commit(
    txn_offset_commit_request request, request_origin from) {
    const auto answer_all = [&request](error_code outcome) {
        return answer_each<txn_offset_commit_response>(request, outcome);
    };
    if (request.group_id.empty()) co_return answer_all(error_code::invalid_group_id);
    if (const auto serving = host_->serving(request.group_id); !serving) {
        co_return answer_all(serving.error());
    }
    auto opening =
        host_->log().open_transaction(host_->partition_of(request.group_id),
                                      {.transactional_id = request.transactional_id,
                                       .producer = kafka::producer_id(request.producer_id),
                                       .epoch = kafka::producer_epoch(request.producer_epoch),
                                       .add = from.version >= first_that_adds});
    const auto verified = co_await std::move(opening);
    if (!verified) co_return answer_all(verification_error(verified.error()));
    // The partition may be led elsewhere by now, and the group may have moved on.
    const auto partition = host_->serving(request.group_id);
    if (!partition) co_return answer_all(partition.error());
    const auto group = admit(**partition, request);
    if (!group) co_return answer_all(group.error());
    txn_offset_commit_response response = answer_all(error_code::none);
    auto accepted = sort_out(*host_, request, response);
    if (accepted.empty()) co_return response;
    auto committing =
        (*partition)
            ->commit_in_transaction(**group,
                                    std::move(accepted),
                                    {.producer = kafka::producer_id(request.producer_id),
                                     .epoch = kafka::producer_epoch(request.producer_epoch),
                                     .verified = *verified});
    const error_code outcome = co_await std::move(committing);
    if (outcome != error_code::none) fail_accepted(response, outcome);
    co_return response;
}

}  // namespace verdikt::broker::coordinator
