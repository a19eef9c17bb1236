/// DescribeLogDirs: what lies in the log directory, and how much room it has.
#include "broker/server/handlers.h"

#include <algorithm>
#include <optional>

namespace verdikt::broker::server {

namespace {

using asked_topic = messages::describe_log_dirs_request::describable_log_dir_topic;
using answered_topic = messages::describe_log_dirs_response::describe_log_dirs_topic;

void add_partition(answered_topic& answer, const topic& which, std::int32_t partition) {
    const auto log = which.log(partition);
    if (log == nullptr) return;
    answer.partitions.push_back({.partition_index = partition,
                                 .partition_size = static_cast<std::int64_t>(log->size()),
                                 .offset_lag = 0,
                                 .is_future_key = false});
}

answered_topic describe_all(const topic& which) {
    answered_topic answer{.name = which.name, .partitions = {}};
    for (std::size_t index = 0; index < which.partitions.size(); ++index) {
        add_partition(answer, which, static_cast<std::int32_t>(index));
    }
    return answer;
}

std::vector<answered_topic> describe_topics(const topic_registry& topics,
                                            const std::optional<std::vector<asked_topic>>& wanted) {
    std::vector<answered_topic> answers;
    if (!wanted) {
        for (const auto& [name, which] : topics.topics()) answers.push_back(describe_all(*which));
        return answers;
    }
    for (const asked_topic& asked : *wanted) {
        const auto which = topics.find(asked.topic);
        if (which == nullptr) continue;
        answered_topic answer{.name = asked.topic, .partitions = {}};
        for (const std::int32_t partition : asked.partitions) {
            add_partition(answer, *which, partition);
        }
        if (!answer.partitions.empty()) answers.push_back(std::move(answer));
    }
    return answers;
}

}  // namespace

runtime::awaitable<messages::describe_log_dirs_response> handle_describe_log_dirs(
    node_services& here,
    const request_context& /*asked*/,
    messages::describe_log_dirs_request request) {
    messages::describe_log_dirs_response answer;
    auto& directory = answer.results.emplace_back();
    directory.log_dir = here.directory.path().string();
    if (!here.directory.online()) {
        directory.error_code = kafka::to_wire(kafka::error_code::kafka_storage_error);
        co_return answer;
    }
    directory.topics = describe_topics(here.topics, request.topics);
    const runtime::disk_space space = here.directory.space();
    directory.total_bytes = static_cast<std::int64_t>(space.total);
    directory.usable_bytes = static_cast<std::int64_t>(space.available);
    co_return answer;
}

}  // namespace verdikt::broker::server
