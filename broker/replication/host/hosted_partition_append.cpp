// What is appended by clients and coordinators.
#include "broker/replication/host/partition_event.h"
#include "broker/storage/wire_errors.h"
#include "kafka/records/batch.h"

#include <utility>

namespace verdikt::broker::replication::host {

using kafka::error_code;

/// Stands for an append from its admission to its end, however it ends: no change of role before.
class hosted_partition::open_append {
  public:
    explicit open_append(hosted_partition& in) : in_(in.shared_from_this()) {
        in_->replica_.append_begun();
    }
    open_append(const open_append&) = delete;
    open_append& operator=(const open_append&) = delete;
    ~open_append() {
        in_->event(
            [&](effects& out) { in_->replica_.append_ended(in_->view_, in_->world_.now(), out); });
    }

  private:
    partition_ptr in_;
};

/// Asked by the log when the batch is about to take its place: only then is it certain which
/// transactions are open.
class hosted_partition::transaction_condition final : public storage::append_condition {
  public:
    transaction_condition(hosted_partition& in, std::optional<guard> verified)
        : in_(in), verified_(verified) {}
    transaction_condition(hosted_partition& in,
                          const kafka::records::end_transaction_marker& marker,
                          bool has_epoch_of_its_own)
        : in_(in), marker_(marker), has_epoch_of_its_own_(has_epoch_of_its_own) {}

    [[nodiscard]] bool allows(const storage::producer_table& producers,
                              runtime::const_bytes batch) override {
        const auto header = kafka::records::parse_batch_header(batch);
        CHECK(header.has_value());
        refusal_ = marker_ ? check_marker(producers, *marker_, has_epoch_of_its_own_)
                           : in_.guards_.admit(producers, *header, verified_);
        if (refusal_ != error_code::none) return false;
        in_.guards_.appended(header->producer_id);
        return true;
    }
    [[nodiscard]] error_code refusal() const { return refusal_; }

  private:
    hosted_partition& in_;
    std::optional<guard> verified_;
    std::optional<kafka::records::end_transaction_marker> marker_;
    bool has_epoch_of_its_own_ = false;
    error_code refusal_ = error_code::none;
};

namespace {

bool is_transactional(runtime::const_bytes batch) {
    const auto header = kafka::records::parse_batch_header(batch);
    return header && header->attributes.is_transactional();
}

}  // namespace

std::optional<guard> hosted_partition::begin_verification(
    const kafka::records::batch_header& batch) {
    return guards_.begin(
        log_->producers(), batch, kafka::timestamp(world_.wall_time().time_since_epoch().count()));
}

runtime::awaitable<std::expected<appended, error_code>> hosted_partition::append(append_wish wish) {
    if (const error_code closed = why_closed(); closed != error_code::none)
        co_return std::unexpected(closed);
    const auto led = replica_.admit_produce(wish.acks, world_.now());
    if (!led) co_return std::unexpected(led.error());
    if (wish.led_in != kafka::no_leader_epoch && wish.led_in != *led) {
        co_return std::unexpected(error_code::not_leader_or_follower);
    }
    transaction_condition condition(*this, wish.verified);
    co_return co_await append_under(
        *led, wish.batch, wish.origin, is_transactional(wish.batch) ? &condition : nullptr);
}

runtime::awaitable<std::expected<appended, error_code>> hosted_partition::append_marker(
    kafka::records::end_transaction_marker marker, bool has_epoch_of_its_own) {
    if (const error_code closed = why_closed(); closed != error_code::none)
        co_return std::unexpected(closed);
    // Its coordinator waits for the commit.
    const auto led = replica_.admit_produce(required_acks::all, world_.now());
    if (!led) co_return std::unexpected(led.error());
    transaction_condition condition(*this, marker, has_epoch_of_its_own);
    kafka::records::byte_buffer batch = kafka::records::make_marker_batch(marker);
    co_return co_await append_under(
        *led, batch.bytes(), storage::append_origin::internal, &condition);
}

runtime::awaitable<std::expected<appended, error_code>> hosted_partition::append_under(
    kafka::leader_epoch epoch,
    runtime::mutable_bytes batch,
    storage::append_origin origin,
    transaction_condition* condition) {
    const open_append open(*this);
    const auto done = co_await log_->append(batch, origin, epoch, condition);
    if (!done && done.error() == storage::errc::refused) {
        co_return std::unexpected(condition->refusal());
    }
    if (!done) co_return std::unexpected(storage::to_error_code(done.error()));
    co_return appended{.base_offset = done->base_offset,
                       .last_offset = done->last_offset,
                       .log_start = log_->log_start(),
                       .epoch = epoch,
                       .duplicate = done->duplicate};
}

template <typename Begin>
runtime::awaitable<std::expected<void, error_code>> hosted_partition::wait_for_replicas(
    runtime::instant deadline, Begin begin) {
    if (const error_code closed = why_closed(); closed != error_code::none)
        co_return std::unexpected(closed);
    const partition_ptr self = shared_from_this();
    commit_waits::wait mine(commits_, deadline);
    event([&](effects& out) { begin(mine.number(), out); });
    // Where the wait is abandoned, the replica must not keep it for ever.
    struct abandonment {
        hosted_partition& in;
        const commit_waits::wait& of;
        ~abandonment() {
            if (!of.is_answered()) in.replica_.forget(of.number());
        }
    } const abandoned{*this, mine};
    const error_code outcome = co_await mine.outcome();
    if (outcome != error_code::none) co_return std::unexpected(outcome);
    co_return std::expected<void, error_code>();
}

runtime::awaitable<std::expected<void, error_code>> hosted_partition::wait_committed(
    commit_wish what, runtime::instant deadline) {
    return wait_for_replicas(deadline, [this, what](ticket mine, effects& out) {
        replica_.await_commit(mine, what.end, what.epoch, out);
    });
}

runtime::awaitable<std::expected<void, error_code>> hosted_partition::wait_deleted(
    deleted what, runtime::instant deadline) {
    return wait_for_replicas(deadline, [this, what](ticket mine, effects& out) {
        replica_.await_deletion(mine, what.log_start, what.epoch, view_, world_.now(), out);
    });
}

}  // namespace verdikt::broker::replication::host
