// From the queues to the brokers.
#include "client/producer_core.h"
#include "runtime/deadline.h"

#include <algorithm>

namespace verdikt::client {

runtime::awaitable<void> producer_core::send_batches() {
    for (;;) {
        dirty_ = false;
        const auto wake_at = dispatch();
        if (dirty_) continue;
        if (wake_at) {
            co_await runtime::with_deadline(world_, *wake_at, changed_.wait());
        } else {
            co_await changed_.wait();
        }
    }
}

runtime::awaitable<void> producer_core::watch_metadata() {
    for (;;) {
        co_await cluster_.metadata_changed().wait();
        for (auto& [where, queue] : queues_) notice_leader(*queue);
        wake();
    }
}

/// The queues with a batch to send now. `next` is when time alone will next change that.
std::vector<partition_queue*> producer_core::ready_queues(std::optional<runtime::instant>& next) {
    const auto now = world_.now();
    const auto no_later_than = [&](std::optional<runtime::instant> when) {
        if (when && (!next || *when < *next)) next = when;
    };
    std::vector<partition_queue*> ready;
    for (auto& [where, queue] : queues_) {
        const std::size_t before = queue->bytes();
        queue->expire(now);
        account(before, *queue);
        no_later_than(queue->expires_at());
        const auto ready_at = queue->ready_at(hurry() || !room_queue_.empty());
        if (ready_at && *ready_at <= now) {
            if (may_send(*queue)) ready.push_back(queue.get());
        } else {
            no_later_than(ready_at);
        }
    }
    notice_trouble();
    // It may have dropped what was ready.
    std::erase_if(ready, [&](const partition_queue* each) { return !may_send(*each); });
    // Each round starts behind where the last one ended, so that none starves.
    std::ranges::rotate(ready, std::ranges::find_if(ready, [&](const partition_queue* each) {
                            return each->where() > served_last_;
                        }));
    return ready;
}

void producer_core::notice_leader(partition_queue& queue) {
    if (const auto leader = cluster_.metadata().leader_of(queue.where()))
        queue.led_in(leader->epoch);
}

/// Sends what can be sent now; returns when time alone will next change that.
std::optional<runtime::instant> producer_core::dispatch() {
    provide_identities();
    std::optional<runtime::instant> next;
    std::map<kafka::node_id, load> loads;
    bool leader_missing = false;
    for (partition_queue* const queue : ready_queues(next)) leader_missing |= !offer(*queue, loads);
    if (leader_missing) cluster_.request_metadata();
    for (auto& [node, batches] : loads) {
        ++in_flight_[node];
        running_.spawn(carry(node, std::move(batches)));
        dirty_ = true;  // The same partitions may have more.
    }
    if (transactions_) {
        auto unadded = transactions_->session().take_unadded();
        if (!unadded.empty()) running_.spawn(transactions_->add(std::move(unadded)));
    }
    return next;
}

/// Puts the next batch of a ready partition on its way; false if nobody leads the partition.
bool producer_core::offer(partition_queue& queue, std::map<kafka::node_id, load>& loads) {
    const auto leader = cluster_.metadata().leader_of(queue.where());
    if (!leader) return false;
    if (in_flight_[leader->leader] >= config_.max_in_flight_requests_per_connection) return true;
    load& batches = loads[leader->leader];
    std::size_t bytes = 0;
    for (const carried& each : batches) bytes += each.batch->size();
    if (!batches.empty() && bytes >= static_cast<std::size_t>(config_.max_request_size))
        return true;
    served_last_ = queue.where();
    batches.push_back({.queue = &queue, .batch = queue.take(world_.now())});
    return true;
}

kafka::messages::produce_request producer_core::make_request(const load& batches) {
    kafka::messages::produce_request request;
    request.transactional_id.reset();
    if (transactions_) request.transactional_id = transactions_->id();
    request.acks = acks_;
    request.timeout_ms = static_cast<std::int32_t>(config_.request_timeout_ms.count());
    std::optional<int> level;
    if (codec_ == kafka::records::codec::gzip)
        level = static_cast<int>(config_.compression_gzip_level);
    if (codec_ == kafka::records::codec::zstd)
        level = static_cast<int>(config_.compression_zstd_level);
    for (const carried& each : batches) {
        producer_batch& batch = *each.batch;
        const auto bytes = batch.records.build({.compression_codec = codec_,
                                                .level = level,
                                                .producer_id = batch.producer_id,
                                                .producer_epoch = batch.epoch,
                                                .base_sequence = batch.first_sequence,
                                                .transactional = limits_.transactional},
                                               kafka::records::compression::of_this_thread());
        CHECK(bytes.has_value(), "{}", kafka::records::describe(bytes.error()));
        const topic_partition& where = each.queue->where();
        if (request.topic_data.empty() || request.topic_data.back().name != where.topic) {
            request.topic_data.push_back({.name = where.topic, .partition_data = {}});
        }
        request.topic_data.back().partition_data.push_back(
            {.index = where.partition.value(), .records = kafka::messages::record_data(*bytes)});
        counters_.bytes_sent += bytes->size();
    }
    ++counters_.requests_sent;
    return request;
}

runtime::awaitable<void> producer_core::carry(kafka::node_id node, load batches) {
    const auto deadline = world_.now() + config_.request_timeout_ms;
    std::ranges::sort(batches, [](const carried& left, const carried& right) {
        return left.queue->where() < right.queue->where();
    });
    const std::int16_t version_max =
        transactions_ ? transactions_->produce_version_max() : kafka::messages::version_max;
    auto over = co_await cluster_.connect_to(node, deadline);
    if (!over) {
        take_loss(over.error(), batches);
    } else if (acks_ == 0) {
        const auto request = make_request(batches);
        const auto posted = co_await post_encoded(*over,
                                                  kafka::messages::produce_request::schema,
                                                  &request,
                                                  cluster_.options_for(deadline));
        if (!posted) take_loss(posted.error(), batches);
        for (const carried& each : batches) {
            if (!posted) break;
            const std::size_t before = each.queue->bytes();
            each.queue->posted(*each.batch);
            account(before, *each.queue);
        }
    } else {
        auto answer = co_await call<kafka::messages::produce_response>(
            *over, make_request(batches), cluster_.options_for(deadline, version_max));
        if (answer) {
            take_answer(answer->message, batches);
        } else {
            take_loss(answer.error(), batches);
        }
    }
    --in_flight_[node];
    notice_trouble();
    wake();
}

void producer_core::take_answer(const kafka::messages::produce_response& answer,
                                const load& batches) {
    std::map<topic_partition, produce_answer> answers;
    for (const auto& topic : answer.responses) {
        for (const auto& partition : topic.partition_responses) {
            answers[{.topic = topic.name, .partition = kafka::partition_index(partition.index)}] = {
                .code = kafka::to_error_code(partition.error_code),
                .base = kafka::offset(partition.base_offset),
                .append_time = kafka::timestamp(partition.log_append_time_ms),
                .detail = partition.error_message.value_or("")};
        }
    }
    bool refresh = false;
    for (const carried& each : batches) {
        const auto retry_at = world_.now() + cluster_.retry_delay(each.batch->attempts);
        const std::size_t before = each.queue->bytes();
        const auto found = answers.find(each.queue->where());
        if (found == answers.end()) {
            const error missing{.reason = errc::malformed_answer,
                                .detail = "a partition is missing"};
            each.queue->lost(*each.batch, missing, true, retry_at);
        } else {
            refresh |= each.queue->answered(*each.batch, found->second, retry_at);
        }
        account(before, *each.queue);
    }
    if (refresh) cluster_.request_metadata();
}

void producer_core::take_loss(const call_failure& why, const load& batches) {
    for (const carried& each : batches) {
        const std::size_t before = each.queue->bytes();
        each.queue->lost(*each.batch,
                         why.why,
                         why.may_have_arrived,
                         world_.now() + cluster_.retry_delay(each.batch->attempts));
        account(before, *each.queue);
    }
    cluster_.request_metadata();  // The leader may be another by now.
}

void producer_core::account(std::size_t before, const partition_queue& queue) {
#ifdef VERDIKT_INVARIANTS
    queue.check_invariants();
#endif
    memory_used_ = memory_used_ + queue.bytes() - before;
    if (queue.bytes() < before) room_.notify_all();
}

}  // namespace verdikt::client
