#include "broker/replication/host/alter_partition_sender.h"

#include <utility>

namespace verdikt::broker::replication::host {

namespace messages = kafka::messages;

namespace {

alter_outcome outcome_of(const messages::alter_partition_response::partition_data& answer) {
    if (answer.error_code != 0) return alter_refused{kafka::to_error_code(answer.error_code)};
    alter_confirmed confirmed{
        .leader_epoch = kafka::leader_epoch(answer.leader_epoch),
        .epoch = partition_epoch(answer.partition_epoch),
        .isr = {},
        .recovery = static_cast<recovery_state>(answer.leader_recovery_state)};
    for (const std::int32_t member : answer.isr) confirmed.isr.insert(kafka::node_id(member));
    // Nobody in sync is no state that a partition can be in.
    if (confirmed.isr.empty()) return alter_lost{};
    return confirmed;
}

}  // namespace

void alter_partition_sender::want(partition_ptr by, send_alter_partition what) {
    const metadata::topic_partition_id id{.topic = by->topic_id(),
                                          .partition = by->name().partition};
    waiting_.insert_or_assign(id, proposal{.by = std::move(by), .what = std::move(what)});
    changed_.notify_all();
}

runtime::awaitable<void> alter_partition_sender::run() {
    for (;;) {
        while (waiting_.empty()) co_await changed_.wait();
        proposals some = std::exchange(waiting_, {});
        messages::alter_partition_request request = request_for(some);
        const auto answer = co_await around_.alter_partition(std::move(request));
        hand_out(std::move(some), answer);
    }
}

messages::alter_partition_request alter_partition_sender::request_for(const proposals& some) const {
    messages::alter_partition_request request;
    request.broker_id = of_.settings().self.value();
    request.broker_epoch = of_.epoch().value();
    for (const auto& [id, each] : some) {
        if (request.topics.empty() || request.topics.back().topic_id != id.topic) {
            request.topics.emplace_back().topic_id = id.topic;
        }
        auto& partition = request.topics.back().partitions.emplace_back();
        partition.partition_index = id.partition.value();
        partition.leader_epoch = each.what.leader_epoch.value();
        partition.partition_epoch = each.what.epoch.value();
        partition.leader_recovery_state = static_cast<std::int8_t>(each.what.recovery);
        for (const proposed_member& member : each.what.isr) {
            partition.new_isr_with_epochs.push_back(
                {.broker_id = member.node.value(), .broker_epoch = member.epoch.value()});
        }
    }
    return request;
}

void alter_partition_sender::hand_out(
    proposals some, const std::optional<messages::alter_partition_response>& answer) {
    if (answer && answer->error_code == 0) {
        for (const auto& topic : answer->topics) {
            for (const auto& each : topic.partitions) {
                const auto found =
                    some.find({.topic = topic.topic_id,
                               .partition = kafka::partition_index(each.partition_index)});
                if (found == some.end()) continue;
                const proposal asked = std::move(found->second);
                some.erase(found);
                asked.by->alter_partition_answered(asked.what.number, outcome_of(each));
            }
        }
    }
    // An error of the whole request proves nothing of its partitions: it may be about an attempt
    // that came after one which was carried out.
    for (const auto& [id, each] : some) {
        each.by->alter_partition_answered(each.what.number, alter_lost{});
    }
}

}  // namespace verdikt::broker::replication::host
