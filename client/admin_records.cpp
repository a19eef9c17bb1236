#include "client/admin.h"
#include "client/admin_core.h"
#include "client/list_offsets.h"
#include "kafka/messages/delete_records.h"

namespace verdikt::client {

namespace {

using namespace kafka::messages;

struct deletion {
    std::map<topic_partition, kafka::offset> before;
    std::int32_t timeout_ms;
    runtime::instant deadline;
};

/// Deleting below an offset twice deletes it once, so leaders may be asked again.
runtime::awaitable<partition_outcomes<kafka::offset>> ask_leader(
    cluster& within,
    kafka::node_id node,
    std::vector<led_partition> partitions,
    const deletion& wanted) {
    delete_records_request request;
    request.timeout_ms = wanted.timeout_ms;
    for (const led_partition& each : partitions) {
        if (request.topics.empty() || request.topics.back().name != each.where.topic) {
            request.topics.push_back({.name = each.where.topic, .partitions = {}});
        }
        request.topics.back().partitions.push_back(
            {.partition_index = each.where.partition.value(),
             .offset = wanted.before.at(each.where).value()});
    }
    auto answer = co_await within.call<delete_records_response>(node, request, wanted.deadline);
    if (!answer) co_return same_for_all<kafka::offset>(partitions, answer.error().why);
    auto outcomes = same_for_all<kafka::offset>(
        partitions, {.reason = errc::malformed_answer, .detail = "a partition is missing"});
    for (const auto& topic : answer->message.topics) {
        for (const auto& each : topic.partitions) {
            const auto found = outcomes.find(
                {.topic = topic.name, .partition = kafka::partition_index(each.partition_index)});
            if (found == outcomes.end()) continue;
            const auto code = kafka::to_error_code(each.error_code);
            if (code != kafka::error_code::none) {
                found->second = failure(code);
            } else {
                found->second = kafka::offset(each.low_watermark);
            }
        }
    }
    co_return outcomes;
}

}  // namespace

admin::reply<outcomes<topic_partition, listed_offset>> admin::list_offsets(
    std::map<topic_partition, offset_query> queries, bool read_committed) {
    core_->start();
    std::map<topic_partition, std::int64_t> timestamps;
    for (const auto& [where, query] : queries) {
        const auto* const spec = std::get_if<offset_spec>(&query);
        timestamps[where] = spec != nullptr ? static_cast<std::int64_t>(*spec)
                                            : std::get<kafka::timestamp>(query).value();
    }
    const auto found = co_await client::list_offsets(
        core_->brokers, std::move(timestamps), read_committed, core_->deadline());
    outcomes<topic_partition, listed_offset> all;
    for (const auto& [where, each] : found) {
        if (each) {
            all.insert_or_assign(
                where,
                listed_offset{.offset = each->offset, .time = each->time, .epoch = each->epoch});
        } else {
            all.insert_or_assign(where, std::unexpected(each.error()));
        }
    }
    co_return all;
}

admin::reply<outcomes<topic_partition, kafka::offset>> admin::delete_records(
    std::map<topic_partition, kafka::offset> before) {
    core_->start();
    std::set<topic_partition> partitions;
    for (const auto& [where, offset] : before) partitions.insert(where);
    const deletion wanted{.before = std::move(before),
                          .timeout_ms = core_->timeout_ms(),
                          .deadline = core_->deadline()};
    cluster& within = core_->brokers;
    co_return co_await ask_leaders<kafka::offset>(
        within,
        std::move(partitions),
        wanted.deadline,
        [&within, &wanted](kafka::node_id node, const std::vector<led_partition>& led) {
            return ask_leader(within, node, led, wanted);
        });
}

admin::admin(runtime::environment& world, client_config config)
    : core_(std::make_unique<admin_core>(world, std::move(config))) {}

admin::~admin() = default;

runtime::awaitable<void> admin::close() {
    return core_->close();
}

}  // namespace verdikt::client
