/// DeleteRecords: raises the first offset of partitions.
#include "broker/metadata/topic_names.h"
#include "broker/server/handlers.h"

namespace verdikt::broker::server {

namespace {

using kafka::error_code;
using answered_partition = messages::delete_records_response::delete_records_partition_result;

runtime::awaitable<std::expected<kafka::offset, error_code>> delete_up_to(
    node_services& here, kafka::topic_partition which, kafka::offset up_to) {
    if (metadata::is_internal_topic(which.topic)) {
        co_return std::unexpected(error_code::invalid_topic_exception);
    }
    const auto found = here.partitions.find(which);
    if (found == nullptr) co_return std::unexpected(here.partitions.why_absent(which));
    co_return co_await found->delete_records(up_to);
}

}  // namespace

runtime::awaitable<messages::delete_records_response> handle_delete_records(
    node_services& here,
    const request_context& /*asked*/,
    messages::delete_records_request request) {
    messages::delete_records_response answer;
    for (const auto& asked_topic : request.topics) {
        auto& topic_answer = answer.topics.emplace_back();
        topic_answer.name = asked_topic.name;
        for (const auto& asked : asked_topic.partitions) {
            const auto start = co_await delete_up_to(
                here,
                {asked_topic.name, kafka::partition_index(asked.partition_index)},
                kafka::offset(asked.offset));
            topic_answer.partitions.push_back(
                {.partition_index = asked.partition_index,
                 .low_watermark = start ? start->value() : -1,
                 .error_code = kafka::to_wire(start ? error_code::none : start.error())});
        }
    }
    co_return answer;
}

}  // namespace verdikt::broker::server
