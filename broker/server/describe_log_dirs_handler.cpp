/// DescribeLogDirs: what lies in the log directories, and how much room they have.
#include "broker/server/handlers.h"

#include <algorithm>
#include <map>

namespace verdikt::broker::server {

namespace {

using describable_log_dir_topic = messages::describe_log_dirs_request::describable_log_dir_topic;
using describe_log_dirs_topic = messages::describe_log_dirs_response::describe_log_dirs_topic;
using answered_directory = messages::describe_log_dirs_response::describe_log_dirs_result;

bool is_wanted(const std::optional<std::vector<describable_log_dir_topic>>& wanted,
               const kafka::topic_partition& which) {
    if (!wanted) return true;
    return std::ranges::any_of(*wanted, [&which](const describable_log_dir_topic& asked) {
        return asked.topic == which.topic &&
               std::ranges::find(asked.partitions, which.partition.value()) !=
                   asked.partitions.end();
    });
}

std::int64_t lag_of(const replication::host::hosted_partition& which) {
    return (which.log().log_end() - which.log().high_watermark());
}

std::vector<describe_log_dirs_topic> describe_topics(
    const node_services& here,
    const storage::log_directory& directory,
    const std::optional<std::vector<describable_log_dir_topic>>& wanted) {
    std::vector<describe_log_dirs_topic> answers;
    for (const auto& which : here.partitions.each()) {
        const kafka::topic_partition& name = which->name();
        if (!is_wanted(wanted, name) || directory.partition(name) == nullptr) continue;
        if (answers.empty() || answers.back().name != name.topic) {
            answers.push_back({.name = name.topic, .partitions = {}});
        }
        answers.back().partitions.push_back(
            {.partition_index = name.partition.value(),
             .partition_size = static_cast<std::int64_t>(which->log().size()),
             .offset_lag = lag_of(*which),
             .is_future_key = false});
    }
    return answers;
}

answered_directory describe(const node_services& here,
                            const storage::log_directory& directory,
                            const std::optional<std::vector<describable_log_dir_topic>>& wanted) {
    answered_directory answer;
    answer.log_dir = directory.path().string();
    if (!directory.online()) {
        answer.error_code = kafka::to_wire(kafka::error_code::kafka_storage_error);
        return answer;
    }
    answer.topics = describe_topics(here, directory, wanted);
    const runtime::disk_space space = directory.space();
    answer.total_bytes = static_cast<std::int64_t>(space.total);
    answer.usable_bytes = static_cast<std::int64_t>(space.available);
    return answer;
}

}  // namespace

runtime::awaitable<messages::describe_log_dirs_response> handle_describe_log_dirs(
    node_services& here,
    const request_context& /*asked*/,
    messages::describe_log_dirs_request request) {
    messages::describe_log_dirs_response answer;
    for (const storage::log_directory* directory : here.directories) {
        answer.results.push_back(describe(here, *directory, request.topics));
    }
    co_return answer;
}

}  // namespace verdikt::broker::server
