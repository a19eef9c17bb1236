#include "broker/replication/host/hosted_partition.h"

#include "broker/replication/host/partition_event.h"
#include "runtime/check.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace verdikt::broker::replication::host {

using kafka::error_code;

namespace {

// A coordinator that has not answered by then never will.
constexpr std::int64_t verification_ms_max = 300'000;

partition_settings completed(partition_settings settings) {
    settings.replica.durable = settings.log.durable();
    return settings;
}

}  // namespace

hosted_partition::hosted_partition(runtime::environment& world,
                                   partition_host& around,
                                   kafka::node_id self,
                                   broker_epoch incarnation,
                                   kafka::uuid topic_id,
                                   std::shared_ptr<storage::partition_log> log,
                                   const partition_settings& settings)
    : world_(world),
      around_(around),
      topic_id_(topic_id),
      log_(std::move(log)),
      view_(*log_),
      settings_(completed(settings)),
      replica_(self, incarnation, settings_.replica, log_->high_watermark()),
      told_end_(log_->log_end()),
      told_high_watermark_(log_->high_watermark()),
      told_start_(log_->log_start()),
      tasks_(world.get_executor()) {
    log_->configure(settings_.log);
    log_->set_sole_replica(false);
    log_->set_watcher(this);
}

hosted_partition::~hosted_partition() {
    if (!stopped_) log_->set_watcher(nullptr);
}

// ---- Events.

void hosted_partition::log_moved() noexcept {
    if (stopped_) return;
    if (log_->failure() == storage::errc::offline) {
        if (role() != replica_role::failed) event([&](effects& out) { replica_.log_failed(out); });
        return;
    }
    event([&](effects& out) { replica_.log_moved(view_, world_.now(), out); });
}

/// What an effect makes the host do. Nothing here calls the replica back at once.
struct hosted_partition::carry_out {
    hosted_partition& here;

    void operator()(const assign_epoch& wanted) const {
        here.tasks_.spawn(here.assign(wanted.epoch));
    }
    void operator()(const advance_high_watermark& wanted) const {
        here.log_->advance_high_watermark(wanted.to);
    }
    void operator()(const answer_produce& wanted) const { here.answer(wanted.to, wanted.error); }
    void operator()(const answer_deletion& wanted) const { here.answer(wanted.to, wanted.error); }
    void operator()(send_alter_partition& wanted) const {
        here.around_.alter_partition_wanted(here.shared_from_this(), std::move(wanted));
    }
    void operator()(const send_fetch& wanted) const {
        here.around_.fetch_wanted(here.shared_from_this(), wanted);
    }
    void operator()(const append_fetched&) const {
        here.fetched_.assign(here.arriving_.begin(), here.arriving_.end());
        here.tasks_.spawn(here.append_what_was_fetched());
    }
    void operator()(const truncate_log& wanted) const {
        here.world_.log().write(
            wanted.below_high_watermark ? runtime::log_level::error : runtime::log_level::info,
            "log_truncated",
            {{"partition", here.name()},
             {"to", wanted.to},
             {"log_end", here.log_->log_end()},
             {"below_high_watermark", wanted.below_high_watermark}});
        here.tasks_.spawn(here.truncate(wanted.to));
    }
    void operator()(const restart_log& wanted) const {
        here.world_.log().write(
            wanted.below_high_watermark ? runtime::log_level::error : runtime::log_level::info,
            "log_restarted",
            {{"partition", here.name()},
             {"at", wanted.at},
             {"log_end", here.log_->log_end()},
             {"below_high_watermark", wanted.below_high_watermark}});
        here.tasks_.spawn(here.restart(wanted.at));
    }
    void operator()(const raise_log_start& wanted) const {
        here.tasks_.spawn(here.raise_start(wanted.to));
    }
    void operator()(const ask_leader_bounds& wanted) const {
        here.around_.leader_bounds_wanted(here.shared_from_this(), wanted);
    }
};

void hosted_partition::answer(ticket which, error_code outcome) {
    const bool is_demoted = outcome == error_code::not_leader_or_follower;
    const bool failed = role() == replica_role::failed;
    commits_.answer(which, failed && is_demoted ? error_code::kafka_storage_error : outcome);
}

void hosted_partition::carry_out_effects(effects& wanted) {
    for (effect& each : wanted) std::visit(carry_out{*this}, each);
    wanted.clear();
    INVARIANT(effects_.empty());
    note_role();
    wake_readers();
#ifdef VERDIKT_INVARIANTS
    replica_.check_invariants(view_);
#endif
}

void hosted_partition::note_role() {
    const auto serving = serving_epoch();
    const bool failed = role() == replica_role::failed;
    if (serving == told_serving_ && failed == told_failed_) return;
    if (serving != told_serving_) {
        // What was asked about transactions was asked in the leadership that is over.
        guards_.expire(kafka::timestamp(std::numeric_limits<std::int64_t>::max()));
    }
    told_serving_ = serving;
    told_failed_ = failed;
    for (read_wait* each : consuming_readers_) each->wake();
    for (read_wait* each : following_readers_) each->wake();
    around_.role_changed(*this);
}

void hosted_partition::wake_readers() {
    if (told_high_watermark_ != log_->high_watermark()) {
        told_high_watermark_ = log_->high_watermark();
        for (read_wait* each : consuming_readers_) each->wake();
    }
    if (told_end_ != log_->log_end() || told_start_ != log_->log_start()) {
        told_end_ = log_->log_end();
        told_start_ = log_->log_start();
        for (read_wait* each : following_readers_) each->wake();
    }
}

std::optional<kafka::leader_epoch> hosted_partition::serving_epoch() const {
    const partition_leader* leader = replica_.leading();
    if (stopped_ || stalled_ || leader == nullptr || !leader->is_serving()) return std::nullopt;
    return leader->epoch();
}

error_code hosted_partition::why_closed() const {
    if (stopped_) return error_code::not_leader_or_follower;
    return stalled_ ? error_code::kafka_storage_error : error_code::none;
}

// ---- For the node.

void hosted_partition::disk_stalled(bool stalled) {
    stalled_ = stalled;
    if (stalled_) {
        for (const ticket each : commits_.end_all(error_code::kafka_storage_error))
            replica_.forget(each);
    }
    note_role();
}

void hosted_partition::apply(const partition_state& state, const broker_standings& brokers) {
    // It may have failed before this was there to hear of it.
    if (log_->failure() == storage::errc::offline) log_moved();
    event([&](effects& out) { replica_.apply(state, brokers, view_, world_.now(), out); });
}

void hosted_partition::registered(broker_epoch incarnation) {
    event([&](effects& out) { replica_.registered(incarnation, view_, world_.now(), out); });
}

void hosted_partition::configure(const partition_settings& settings) {
    settings_ = completed(settings);
    log_->configure(settings_.log);
    event([&](effects& out) {
        replica_.configure(settings_.replica);
        // What counts as held may have changed.
        replica_.log_moved(view_, world_.now(), out);
    });
}

bool hosted_partition::is_restless() const {
    if (commits_.size() > 0) return true;
    if (const partition_leader* leader = replica_.leading()) {
        return leader->in_sync().is_open() || !leader->in_sync().doubtful().empty();
    }
    const partition_follower* follower = replica_.following();
    return follower != nullptr && follower->is_idle();
}

void hosted_partition::tick() {
    for (const ticket late : commits_.end_late(world_.now())) replica_.forget(late);
    const std::int64_t now_ms = world_.wall_time().time_since_epoch().count();
    guards_.expire(kafka::timestamp(now_ms - verification_ms_max));
    event([&](effects& out) { replica_.tick(view_, world_.now(), out); });
}

void hosted_partition::leader_bounds_answered(const leader_bounds& answer) {
    event([&](effects& out) { replica_.leader_bounds_answered(answer, view_, world_.now(), out); });
}

void hosted_partition::alter_partition_answered(proposal_number number,
                                                const alter_outcome& outcome) {
    event([&](effects& out) {
        replica_.alter_partition_answered(number, outcome, view_, world_.now(), out);
    });
}

runtime::awaitable<void> hosted_partition::stop() {
    if (!stopped_) {
        // The replica knows one way to leave for good.
        event([&](effects& out) { replica_.log_failed(out); });
        stopped_ = true;
        log_->set_watcher(nullptr);
        note_role();
    }
    co_await tasks_.cancel_and_join();
}

void hosted_partition::check_invariants() const {
    replica_.check_invariants(view_);
    guards_.check_invariants();
    if (replica_.leading() == nullptr) return;
    CHECK(replica_.high_watermark() == log_->high_watermark(),
          "{}: {} is committed, the log says {}",
          name(),
          replica_.high_watermark(),
          log_->high_watermark());
    CHECK(replica_.leading()->waiting() <= commits_.size());
}

}  // namespace verdikt::broker::replication::host
