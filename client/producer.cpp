#include "client/producer.h"

#include "client/producer_core.h"

namespace verdikt::client {

pending_delivery::pending_delivery(std::shared_ptr<batch_outcome> batch,
                                   std::int32_t index,
                                   kafka::timestamp time)
    : batch_(std::move(batch)), index_(index), time_(time) {}

const topic_partition& pending_delivery::where() const {
    return batch_->where();
}

bool pending_delivery::done() const {
    return batch_->settled();
}

runtime::awaitable<delivery> pending_delivery::wait() const {
    const std::shared_ptr<batch_outcome> batch = batch_;
    const pending_delivery mine = *this;
    while (!batch->settled()) co_await batch->changed().wait();
    co_return mine.outcome();
}

delivery pending_delivery::outcome() const {
    const auto& verdict = batch_->get();
    if (const auto* const how = std::get_if<failed>(&verdict)) return *how;
    if (const auto* const how = std::get_if<unknown>(&verdict)) return *how;
    const auto& written = std::get<batch_outcome::written>(verdict);
    const bool offset_known = written.base != kafka::no_offset;
    const bool by_broker = written.append_time != kafka::no_timestamp;
    return delivered{.where = batch_->where(),
                     .offset = offset_known ? written.base + index_ : kafka::no_offset,
                     .time = by_broker ? written.append_time : time_};
}

producer::producer(runtime::environment& world, client_config config)
    : core_(std::make_unique<producer_core>(world, std::move(config))) {}

producer::~producer() = default;

runtime::awaitable<result<pending_delivery>> producer::append(producer_record record) {
    return core_->append(record);
}

runtime::awaitable<delivery> producer::send(producer_record record) {
    auto placed = co_await core_->append(record);
    if (!placed) co_return failed{.why = std::move(placed.error())};
    co_return co_await placed->wait();
}

runtime::awaitable<void> producer::flush() {
    return core_->flush();
}

namespace {

error not_transactional() {
    return {.reason = errc::invalid_argument, .detail = "transactional.id is missing"};
}

runtime::awaitable<result<void>> refuse_transactions() {
    co_return std::unexpected(not_transactional());
}

}  // namespace

runtime::awaitable<result<void>> producer::init_transactions() {
    if (core_->transactions() == nullptr) return refuse_transactions();
    core_->start();
    return core_->transactions()->initialise();
}

result<void> producer::begin_transaction() {
    if (core_->transactions() == nullptr) return std::unexpected(not_transactional());
    return core_->transactions()->begin();
}

runtime::awaitable<result<void>> producer::send_offsets_to_transaction(offset_map offsets,
                                                                       group_standing reader) {
    if (core_->transactions() == nullptr) return refuse_transactions();
    return core_->transactions()->send_offsets(std::move(offsets), std::move(reader));
}

runtime::awaitable<result<void>> producer::commit_transaction() {
    if (core_->transactions() == nullptr) return refuse_transactions();
    return core_->transactions()->end(transaction_session::outcome::commit);
}

runtime::awaitable<result<void>> producer::abort_transaction() {
    if (core_->transactions() == nullptr) return refuse_transactions();
    return core_->transactions()->end(transaction_session::outcome::abort);
}

runtime::awaitable<result<std::int32_t>> producer::partition_count(std::string topic) {
    return core_->partition_count(std::move(topic));
}

runtime::awaitable<void> producer::close(runtime::duration timeout) {
    return core_->close(timeout);
}

runtime::awaitable<void> producer::stop() {
    return core_->stop();
}

const producer_counters& producer::counters() const {
    return core_->counters();
}

}  // namespace verdikt::client
