#include "client/producer_core.h"

#include "kafka/messages/init_producer_id.h"
#include "runtime/deadline.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace verdikt::client {

namespace {

producer_limits limits_of(const client_config& config) {
    const auto in_flight = static_cast<std::size_t>(config.max_in_flight_requests_per_connection);
    return {.idempotent = config.enable_idempotence,
            .transactional = !config.transactional_id.empty(),
            .acks_all = config.acks == "all" || config.acks == "-1",
            .batch_size = static_cast<std::size_t>(config.batch_size),
            .in_flight_max = in_flight,
            .retries = static_cast<std::uint32_t>(config.retries),
            .linger = config.linger_ms,
            .delivery_timeout = config.delivery_timeout_ms};
}

std::int16_t acks_of(const client_config& config) {
    if (config.acks == "0") return 0;
    return config.acks == "1" ? std::int16_t{1} : std::int16_t{-1};
}

client_config checked_for_producer(client_config config) {
    if (const auto fault = config.find_fault(role::producer)) throw std::invalid_argument(*fault);
    return config;
}

}  // namespace

/// A place in the queue for room, given up when its holder ends.
class producer_core::turn {
  public:
    explicit turn(producer_core& in)
        : in_(in), place_(in.room_queue_.insert(in.room_queue_.end(), 0)) {}
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;
    ~turn() {
        in_.room_queue_.erase(place_);
        in_.room_.notify_all();
    }
    [[nodiscard]] bool first() const { return in_.room_queue_.begin() == place_; }

  private:
    producer_core& in_;
    std::list<int>::iterator place_;
};

producer_core::producer_core(runtime::environment& world, client_config config)
    : world_(world),
      config_(checked_for_producer(std::move(config))),
      limits_(limits_of(config_)),
      codec_(kafka::records::codec_named(config_.compression_type)
                 .value_or(kafka::records::codec::none)),
      acks_(acks_of(config_)),
      cluster_(world, config_),
      partitioner_(limits_.batch_size, config_.partitioner_ignore_keys),
      running_(world.get_executor()) {
    if (limits_.transactional) {
        transactional_records& records = *this;
        transactions_.emplace(cluster_, config_, records);
    }
}

void producer_core::start() {
    if (started_) return;
    started_ = true;
    cluster_.start();
    running_.spawn(send_batches());
    running_.spawn(watch_metadata());
}

void producer_core::wake() {
    dirty_ = true;
    changed_.notify_all();
}

// From the program into the queues. The other way on is in producer_core_sending.cpp.

runtime::awaitable<result<pending_delivery>> producer_core::append(producer_record record) {
    if (closing_) co_return failure(errc::closed);
    if (const auto may = may_append(); !may) co_return std::unexpected(may.error());
    start();
    const auto deadline = world_.now() + config_.max_block_ms;
    const std::string name(record.topic);
    const topic_metadata* known = cluster_.metadata().find(name);
    if (known == nullptr || known->partitions.empty()) {
        const auto waited = co_await cluster_.topic(name, deadline);
        if (!waited) co_return std::unexpected(waited.error());
        known = cluster_.metadata().find(name);
        if (known == nullptr) co_return failure(errc::timed_out, "topic " + name + " is gone");
    }
    const auto count = static_cast<std::int32_t>(known->partitions.size());
    const std::int32_t index = record.partition
                                   ? record.partition->value()
                                   : partitioner_.choose(*known, record.key, world_.random());
    if (index < 0 || index >= count) {
        co_return failure(
            errc::invalid_argument,
            fmt::format("topic {} has partitions 0 to {}, not {}", name, count - 1, index));
    }
    const std::size_t bytes = measure_.size_of({.time = kafka::timestamp(0),
                                                .key = record.key,
                                                .value = record.value,
                                                .headers = record.headers}) +
                              kafka::records::batch_header_size;
    if (bytes > static_cast<std::size_t>(config_.max_request_size)) {
        co_return failure(errc::too_large, fmt::format("{} bytes", bytes));
    }
    const auto room = co_await wait_for_room(bytes, deadline);
    if (!room) co_return std::unexpected(room.error());
    // The transaction may have failed while this record waited.
    if (const auto may = may_append(); !may) co_return std::unexpected(may.error());
    co_return place(record, {.topic = name, .partition = kafka::partition_index(index)});
}

runtime::awaitable<result<void>> producer_core::wait_for_room(std::size_t bytes,
                                                              runtime::instant deadline) {
    const auto memory = static_cast<std::size_t>(config_.buffer_memory);
    // A record larger than all memory goes alone, or it would wait for ever.
    const auto fits = [&] { return memory_used_ == 0 || memory_used_ + bytes <= memory; };
    if (room_queue_.empty() && fits() && !closing_ && !broken_) co_return result<void>();
    const turn mine(*this);
    while (!(mine.first() && fits())) {
        if (closing_ || broken_) break;
        wake();
        if (!co_await runtime::with_deadline(world_, deadline, room_.wait())) {
            co_return failure(errc::buffer_exhausted,
                              fmt::format("{} bytes are in use", memory_used_));
        }
    }
    if (closing_) co_return failure(errc::closed);
    if (broken_) co_return std::unexpected(*broken_);
    co_return result<void>();
}

result<pending_delivery> producer_core::place(const producer_record& record,
                                              topic_partition where) {
    const auto time =
        record.time.value_or(kafka::timestamp(world_.wall_time().time_since_epoch().count()));
    partition_queue& queue = queue_of(where);
    const auto placed = queue.append(
        {.time = time, .key = record.key, .value = record.value, .headers = record.headers},
        world_.now(),
        next_batch_++);
    memory_used_ += placed.bytes;
    ++counters_.records_appended;
    if (!record.partition && (!record.key || config_.partitioner_ignore_keys)) {
        partitioner_.note_appended(where.topic, where.partition.value(), placed.bytes);
    }
    // Only the first record of a batch changes what the sender has to do, and when.
    if (placed.index == 0) wake();
    return pending_delivery(placed.batch, placed.index, time);
}

partition_queue& producer_core::queue_of(const topic_partition& where) {
    std::unique_ptr<partition_queue>& queue = queues_[where];
    if (!queue) {
        queue = std::make_unique<partition_queue>(where, limits_);
        notice_leader(*queue);
    }
    return *queue;
}

// Identities.

void producer_core::provide_identities() {
    if (!limits_.idempotent) return;
    bool wanted = false;
    for (auto& [where, queue] : queues_) {
        if (!queue->wants_identity() || queue->idle()) continue;
        const bool is_spent = !transactions_ && identity_.id == queue->spent_id();
        if (identity_.valid() && !is_spent) {
            queue->adopt(identity_);
        } else {
            wanted = true;
        }
    }
    // A transactional producer has its identity before it writes.
    if (!wanted || transactions_ || fetching_identity_ || broken_) return;
    fetching_identity_ = true;
    running_.spawn(fetch_identity());
}

runtime::awaitable<void> producer_core::fetch_identity() {
    for (std::uint32_t failures = 1;; ++failures) {
        const auto told = co_await ask_identity();
        if (told) {
            identity_ = *told;
            break;
        }
        if (!told.error().retriable()) {
            abandon_all(told.error());
            break;
        }
        co_await world_.sleep_for(cluster_.retry_delay(failures));
    }
    fetching_identity_ = false;
    wake();
}

runtime::awaitable<result<producer_identity>> producer_core::ask_identity() {
    const auto deadline = world_.now() + config_.request_timeout_ms;
    const auto node = co_await cluster_.any_broker(deadline);
    if (!node) co_return std::unexpected(node.error());
    kafka::messages::init_producer_id_request request;
    request.transactional_id = std::nullopt;
    request.transaction_timeout_ms = INT32_MAX;
    auto answer = co_await cluster_.call<kafka::messages::init_producer_id_response>(
        *node, request, deadline);
    if (!answer) co_return std::unexpected(std::move(answer.error().why));
    const auto code = kafka::to_error_code(answer->message.error_code);
    if (code != kafka::error_code::none) co_return failure(code, "InitProducerId");
    co_return producer_identity{.id = kafka::producer_id(answer->message.producer_id),
                                .epoch = kafka::producer_epoch(answer->message.producer_epoch)};
}

// Transactions.

result<void> producer_core::may_append() const {
    if (!transactions_) return {};
    return transactions_->session().may_write();
}

bool producer_core::may_send(const partition_queue& queue) {
    return !transactions_ || transactions_->session().may_send_to(queue.where());
}

/// A transaction with a hole in it can only be aborted.
void producer_core::notice_trouble() {
    if (!transactions_) return;
    for (const auto& [where, queue] : queues_) {
        if (const std::optional<error> why = queue->trouble()) {
            transactions_->fail(*why);
            return;
        }
    }
}

void producer_core::drop(const error& why) {
    for (auto& [where, queue] : queues_) {
        const std::size_t before = queue->bytes();
        queue->abandon(why);
        account(before, *queue);
    }
    notice_trouble();
    room_.notify_all();
}

runtime::awaitable<void> producer_core::settle() {
    co_await flush();
    const auto all_answered = [&] {
        return std::ranges::all_of(in_flight_, [](const auto& each) { return each.second == 0; });
    };
    while (!all_answered()) co_await changed_.wait();
}

void producer_core::renew(producer_identity identity) {
    identity_ = identity;
    for (auto& [where, queue] : queues_) queue->renew(identity);
}

// Ends.

void producer_core::abandon_all(const error& why) {
    broken_ = why;
    drop(why);
}

runtime::awaitable<void> producer_core::flush() {
    struct hurrying {
        std::size_t& count;
        explicit hurrying(std::size_t& flushes) : count(flushes) { ++count; }
        ~hurrying() { --count; }
    };
    const hurrying now(flushing_);
    std::vector<std::shared_ptr<batch_outcome>> waited_for;
    for (const auto& [where, queue] : queues_) {
        for (auto& each : queue->unsettled()) waited_for.push_back(std::move(each));
    }
    if (waited_for.empty()) co_return;
    wake();
    for (const auto& each : waited_for) {
        while (!each->settled()) co_await each->changed().wait();
    }
}

runtime::awaitable<result<std::int32_t>> producer_core::partition_count(std::string topic) {
    if (closing_) co_return failure(errc::closed);
    start();
    const auto known =
        co_await cluster_.topic(std::move(topic), world_.now() + config_.max_block_ms);
    if (!known) co_return std::unexpected(known.error());
    co_return static_cast<std::int32_t>(known->partitions.size());
}

runtime::awaitable<void> producer_core::close(runtime::duration timeout) {
    closing_ = true;
    room_.notify_all();
    std::exception_ptr interrupted;
    try {
        co_await runtime::with_deadline(world_, world_.now() + timeout, flush());
    } catch (...) {
        interrupted = std::current_exception();
    }
    co_await stop();
    if (interrupted) std::rethrow_exception(interrupted);
}

runtime::awaitable<void> producer_core::stop() {
    closing_ = true;
    abandon_all({.reason = errc::closed});
    co_await running_.cancel_and_join();
    co_await cluster_.stop();
}

const producer_counters& producer_core::counters() {
    partition_queue::counts sum;
    for (const auto& [where, queue] : queues_) {
        sum.delivered += queue->counted().delivered;
        sum.failed += queue->counted().failed;
        sum.unknown += queue->counted().unknown;
        sum.retries += queue->counted().retries;
        sum.epoch_bumps += queue->counted().epoch_bumps;
    }
    counters_.records_delivered = sum.delivered;
    counters_.records_failed = sum.failed;
    counters_.records_unknown = sum.unknown;
    counters_.batches_retried = sum.retries;
    counters_.epoch_bumps = sum.epoch_bumps;
    return counters_;
}

}  // namespace verdikt::client
