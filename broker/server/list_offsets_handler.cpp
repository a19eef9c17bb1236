/// ListOffsets: which offset stands at a place or a time of a partition.
#include "broker/server/handlers.h"
#include "broker/server/storage_errors.h"

namespace verdikt::broker::server {

namespace {

using kafka::error_code;
using asked_partition = messages::list_offsets_request::list_offsets_partition;
using answered_partition = messages::list_offsets_response::list_offsets_partition_response;

// Times that mean places.
constexpr std::int64_t latest = -1;
constexpr std::int64_t earliest = -2;
constexpr std::int64_t of_max_timestamp = -3;  ///< KIP-734, version 7.
constexpr std::int16_t max_timestamp_version = 7;
constexpr std::int16_t leader_epoch_version = 4;
constexpr std::int8_t read_committed = 1;

using place = std::expected<std::optional<storage::timestamp_and_offset>, error_code>;

storage::timestamp_and_offset at(kafka::offset offset) {
    return {.timestamp = kafka::no_timestamp, .offset = offset, .epoch = sole_leader_epoch};
}

runtime::awaitable<place> find_place(storage::partition_log& log,
                                     std::int64_t time,
                                     kafka::offset bound,
                                     std::int16_t version) {
    if (time == latest) co_return at(bound);
    if (time == earliest) co_return at(log.log_start());
    if (time == of_max_timestamp && version >= max_timestamp_version) {
        auto found = co_await log.offset_of_max_timestamp();
        if (!found) co_return std::unexpected(to_error_code(found.error()));
        co_return *found;
    }
    if (time < 0) co_return std::unexpected(error_code::invalid_request);
    auto found = co_await log.offset_for_time(kafka::timestamp(time), bound);
    if (!found) co_return std::unexpected(to_error_code(found.error()));
    co_return *found;
}

error_code check(const storage::partition_log* log, const asked_partition& asked) {
    if (log == nullptr) return error_code::unknown_topic_or_partition;
    if (asked.current_leader_epoch > sole_leader_epoch.value()) {
        return error_code::unknown_leader_epoch;
    }
    return error_code::none;
}

runtime::awaitable<answered_partition> answer_for(std::shared_ptr<storage::partition_log> log,
                                                  asked_partition asked,
                                                  bool committed_only,
                                                  std::int16_t version) {
    answered_partition answer;
    answer.partition_index = asked.partition_index;
    answer.error_code = kafka::to_wire(check(log.get(), asked));
    if (answer.error_code != 0) co_return answer;
    const kafka::offset bound = committed_only ? log->last_stable_offset() : log->high_watermark();
    const place found = co_await find_place(*log, asked.timestamp, bound, version);
    if (!found) {
        answer.error_code = kafka::to_wire(found.error());
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
    const bool committed_only = request.isolation_level == read_committed;
    for (const auto& asked_topic : request.topics) {
        auto& topic_answer = answer.topics.emplace_back();
        topic_answer.name = asked_topic.name;
        const auto which = here.topics.find(asked_topic.name);
        for (const asked_partition& partition : asked_topic.partitions) {
            const auto log = which == nullptr ? nullptr : which->log(partition.partition_index);
            topic_answer.partitions.push_back(
                co_await answer_for(log, partition, committed_only, asked.version));
        }
    }
    co_return answer;
}

}  // namespace verdikt::broker::server
