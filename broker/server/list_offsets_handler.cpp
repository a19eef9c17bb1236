/// ListOffsets: which offset stands at a place or a time of a partition.
#include "broker/server/handlers.h"
#include "broker/server/list_offsets_refusal.h"

namespace verdikt::broker::server {

namespace {

namespace hosted = replication::host;
using kafka::error_code;
using list_offsets_partition = messages::list_offsets_request::list_offsets_partition;
using list_offsets_partition_response =
    messages::list_offsets_response::list_offsets_partition_response;

// Versions from which on a time means a place, or an answer has a field.
constexpr std::int16_t leader_epoch_version = 4;
constexpr std::int16_t max_timestamp_version = 7;   // KIP-734
constexpr std::int16_t earliest_local_version = 8;  // KIP-405
constexpr std::int8_t read_committed = 1;

bool is_known_time(std::int64_t time, std::int16_t version) {
    if (time == hosted::max_timestamp_offset) return version >= max_timestamp_version;
    if (time == hosted::earliest_local_offset) return version >= earliest_local_version;
    return time >= hosted::earliest_offset;
}

hosted::asker asker_of(const messages::list_offsets_request& request) {
    if (request.replica_id >= 0) return hosted::asker::follower;
    return request.isolation_level == read_committed ? hosted::asker::committed_reader
                                                     : hosted::asker::uncommitted_reader;
}

runtime::awaitable<list_offsets_partition_response> answer_for(hosted::partition_ptr which,
                                                               error_code absent,
                                                               list_offsets_partition asked,
                                                               hosted::asker by,
                                                               std::int16_t version) {
    list_offsets_partition_response answer;
    answer.partition_index = asked.partition_index;
    if (which == nullptr || !is_known_time(asked.timestamp, version)) {
        answer.error_code = kafka::to_wire(which == nullptr ? absent : error_code::invalid_request);
        co_return answer;
    }
    const auto found = co_await which->find_offset(
        {.time = asked.timestamp,
         .by = by,
         .current_leader_epoch = kafka::leader_epoch(asked.current_leader_epoch)});
    if (!found) {
        answer.error_code = kafka::to_wire(list_offsets_refusal(found.error(), version));
    } else if (found->has_value()) {
        answer.timestamp = (*found)->timestamp.value();
        answer.offset = (*found)->offset.value();
        if (version >= leader_epoch_version) answer.leader_epoch = (*found)->epoch.value();
    }
    co_return answer;
}

}  // namespace

runtime::awaitable<messages::list_offsets_response> handle_list_offsets(
    node_services& here, const request_context& asked, messages::list_offsets_request request) {
    messages::list_offsets_response answer;
    for (const auto& asked_topic : request.topics) {
        auto& topic_answer = answer.topics.emplace_back();
        topic_answer.name = asked_topic.name;
        for (const list_offsets_partition& partition : asked_topic.partitions) {
            const kafka::topic_partition which{asked_topic.name,
                                               kafka::partition_index(partition.partition_index)};
            topic_answer.partitions.push_back(co_await answer_for(here.partitions.find(which),
                                                                  here.partitions.why_absent(which),
                                                                  partition,
                                                                  asker_of(request),
                                                                  asked.version));
        }
    }
    co_return answer;
}

}  // namespace verdikt::broker::server
