/// DeleteRecords: raises the first offset of partitions.
#include "broker/metadata/topic_names.h"
#include "broker/server/handlers.h"
#include "broker/server/storage_errors.h"

namespace verdikt::broker::server {

namespace {

using kafka::error_code;
using answered_partition = messages::delete_records_response::delete_records_partition_result;

constexpr std::int64_t up_to_high_watermark = -1;

runtime::awaitable<answered_partition> delete_up_to(std::shared_ptr<storage::partition_log> log,
                                                    std::int32_t partition,
                                                    std::int64_t offset) {
    answered_partition answer{.partition_index = partition, .low_watermark = -1, .error_code = 0};
    if (log == nullptr) {
        answer.error_code = kafka::to_wire(error_code::unknown_topic_or_partition);
        co_return answer;
    }
    const kafka::offset up_to =
        offset == up_to_high_watermark ? log->high_watermark() : kafka::offset(offset);
    if (up_to < kafka::offset(0)) {
        answer.error_code = kafka::to_wire(error_code::offset_out_of_range);
        co_return answer;
    }
    const auto start = co_await log->delete_records(up_to);
    if (start) {
        answer.low_watermark = start->value();
    } else {
        answer.error_code = kafka::to_wire(to_error_code(start.error()));
    }
    co_return answer;
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
        const auto which = here.topics.find(asked_topic.name);
        for (const auto& asked : asked_topic.partitions) {
            if (metadata::is_internal_topic(asked_topic.name)) {
                topic_answer.partitions.push_back(
                    {.partition_index = asked.partition_index,
                     .low_watermark = -1,
                     .error_code = kafka::to_wire(error_code::invalid_topic_exception)});
                continue;
            }
            auto log = which == nullptr ? nullptr : which->log(asked.partition_index);
            topic_answer.partitions.push_back(
                co_await delete_up_to(std::move(log), asked.partition_index, asked.offset));
        }
    }
    co_return answer;
}

}  // namespace verdikt::broker::server
