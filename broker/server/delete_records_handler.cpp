/// DeleteRecords: raises the first offset of partitions. It is answered once nobody who may lead
/// next has the records any more: a change of leaders would bring them back.
#include "broker/metadata/topic_names.h"
#include "broker/server/handlers.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace verdikt::broker::server {

namespace {

using kafka::error_code;
using replication::host::deleted;
using replication::host::partition_ptr;
using delete_records_partition_result =
    messages::delete_records_response::delete_records_partition_result;

/// One partition, deleted here; others may still have to follow.
struct deletion {
    partition_ptr partition;
    std::expected<deleted, error_code> outcome = std::unexpected(error_code::none);
};

runtime::awaitable<deletion> delete_here(node_services& here,
                                         kafka::topic_partition which,
                                         kafka::offset up_to) {
    if (metadata::is_internal_topic(which.topic)) {
        co_return deletion{.outcome = std::unexpected(error_code::invalid_topic_exception)};
    }
    deletion begun{.partition = here.partitions.find(which)};
    if (begun.partition == nullptr) {
        begun.outcome = std::unexpected(here.partitions.why_absent(which));
        co_return begun;
    }
    begun.outcome = co_await begun.partition->delete_records(up_to);
    co_return begun;
}

runtime::awaitable<delete_records_partition_result> finish(deletion begun,
                                                           std::int32_t partition,
                                                           runtime::instant deadline) {
    std::expected<void, error_code> done;
    if (!begun.outcome) {
        done = std::unexpected(begun.outcome.error());
    } else {
        done = co_await begun.partition->wait_deleted(*begun.outcome, deadline);
    }
    co_return delete_records_partition_result{
        .partition_index = partition,
        .low_watermark = done ? begun.outcome->log_start.value() : -1,
        .error_code = kafka::to_wire(done ? error_code::none : done.error())};
}

}  // namespace

runtime::awaitable<messages::delete_records_response> handle_delete_records(
    node_services& here,
    const request_context& /*asked*/,
    messages::delete_records_request request) {
    const runtime::instant deadline =
        here.world.now() + std::chrono::milliseconds(std::max(request.timeout_ms, 0));
    // All are begun before the first is waited for: the time is that of the whole request.
    std::vector<deletion> begun;
    for (const auto& topic : request.topics) {
        for (const auto& asked : topic.partitions) {
            begun.push_back(
                co_await delete_here(here,
                                     {topic.name, kafka::partition_index(asked.partition_index)},
                                     kafka::offset(asked.offset)));
        }
    }
    messages::delete_records_response answer;
    auto next = begun.begin();
    for (const auto& topic : request.topics) {
        auto& topic_answer = answer.topics.emplace_back();
        topic_answer.name = topic.name;
        for (const auto& asked : topic.partitions) {
            topic_answer.partitions.push_back(
                co_await finish(std::move(*next++), asked.partition_index, deadline));
        }
    }
    co_return answer;
}

}  // namespace verdikt::broker::server
