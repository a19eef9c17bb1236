#include "workloads/groups/group_member.h"
#include "workloads/recorder/datums.h"

#include "workloads/clients.h"
#include "workloads/queue/micro_operations.h"

#include <fmt/format.h>

#include <exception>
#include <optional>
#include <utility>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using runtime::awaitable;

namespace {

constexpr runtime::duration poll_patience = 300ms;
constexpr runtime::duration close_patience = 3s;
/// Between two polls; who takes longer has left the group.
constexpr std::chrono::milliseconds poll_interval = 6s;
constexpr runtime::duration too_long = 7s;
/// So that members have something left to read when their partitions come back.
constexpr std::int64_t records_max = 20;
constexpr double commit_chance = 0.8;
constexpr double look_chance = 0.05;
constexpr runtime::duration storm_every = 12s;
constexpr runtime::duration storm_lasts = 4s;
/// How much more rarely members come and go that have not joined yet: each restarts everybody's
/// rebalance, and where none ends nobody owns or commits anything.
constexpr double while_joining = 0.2;

checker::history::datum offsets_of(const std::map<std::int32_t, std::int64_t>& offsets) {
    checker::history::datum made;
    made.open_map();
    for (const auto& [partition, offset] : offsets) {
        made.add_integer(partition);
        made.add_integer(offset);
    }
    made.close();
    return made;
}

/// `{:generation g}`; nothing where it is unknown.
checker::history::datum generation_of(std::int32_t generation) {
    checker::history::datum made;
    if (generation < 0) return made;
    made.open_map();
    made.add_keyword("generation");
    made.add_integer(generation);
    made.close();
    return made;
}

}  // namespace

group_member::group_member(runtime::environment& world,
                           const groups_options& plan,
                           recorder& history,
                           std::string instance,
                           runtime::random_source random)
    : world_(world),
      plan_(plan),
      history_(history),
      instance_(std::move(instance)),
      random_(random),
      process_(history.fresh_process()),
      reader_(world, settings()) {}

client::client_config group_member::settings() const {
    client::client_config made =
        consumer_settings(plan_.load, fmt::format("member-{}", process_), plan_.group);
    made.group_instance_id = instance_;
    made.max_poll_interval_ms = poll_interval;
    made.max_poll_records = records_max;
    made.partition_assignment_strategy = {plan_.cooperative() ? "cooperative-sticky" : "range"};
    return made;
}

client::partition_set group_member::all_partitions() const {
    client::partition_set all;
    for (std::int32_t each = 0; each < plan_.load.partitions; ++each) {
        all.insert({.topic = plan_.topic, .partition = kafka::partition_index(each)});
    }
    return all;
}

/// Whatever happens, the client has ended when this returns; a goodbye is said by `leave` alone.
awaitable<void> group_member::live(runtime::instant until) {
    std::exception_ptr failure;
    try {
        co_await act(until);
    } catch (...) {
        failure = std::current_exception();
    }
    co_await reader_.stop();
    if (failure) std::rethrow_exception(failure);
}

awaitable<void> group_member::look_at_all(runtime::instant deadline) {
    std::exception_ptr failure;
    try {
        co_await act_at_the_end(deadline);
    } catch (...) {
        failure = std::current_exception();
    }
    co_await reader_.stop();
    if (failure) std::rethrow_exception(failure);
}

bool group_member::subscribe() {
    std::vector<std::int32_t> keys;
    for (const auto& each : all_partitions()) keys.push_back(each.partition.value());
    datum more;
    more.open_map();
    more.add_keyword("session-timeout-ms");
    more.add_integer(settings().session_timeout_ms.count());
    more.add_keyword("max-poll-interval-ms");
    more.add_integer(settings().max_poll_interval_ms.count());
    if (!instance_.empty()) {
        more.add_keyword("instance");
        more.add_text(instance_);
    }
    more.close();
    open_operation op = history_.begin(process_, "subscribe", list_of(keys), std::move(more));
    const auto done = reader_.subscribe({plan_.topic}, this);
    op.end(done ? op_type::ok : op_type::fail);
    return done.has_value();
}

awaitable<void> group_member::act(runtime::instant until) {
    if (!subscribe()) co_return;
    const double mean = 1e9 * static_cast<double>(plan_.load.concurrency) / plan_.load.rate;
    bool going_on = true;
    while (going_on) {
        const auto pause = random_.between(0, static_cast<std::int64_t>(2 * mean));
        co_await world_.sleep_for(runtime::duration(pause));
        if (world_.now() >= until) co_return co_await leave();
        going_on = co_await act_once();
    }
}

awaitable<bool> group_member::act_once() {
    if (random_.chance(chance_now(plan_.crash_chance))) {
        open_operation op = history_.begin(process_, "crash", {});
        op.end(op_type::info);
        co_return false;
    }
    if (random_.chance(chance_now(plan_.leave_chance))) {
        co_await leave();
        co_return false;
    }
    if (random_.chance(look_chance)) co_return co_await look();
    if (!co_await poll()) co_return false;
    if (random_.chance(plan_.still_chance)) co_await world_.sleep_for(too_long);
    if (plan_.load.auto_commit || !random_.chance(commit_chance)) co_return true;
    co_return co_await commit();
}

awaitable<void> group_member::act_at_the_end(runtime::instant deadline) {
    if (!subscribe()) co_return;
    bool looked = false;
    while (!looked && world_.now() < deadline) {
        if (!co_await poll()) co_return;
        if (reader_.assignment().size() < all_partitions().size()) continue;
        looked = co_await look();
    }
    co_await leave();
}

double group_member::chance_now(double chance) const {
    if (reader_.standing().generation < 0) chance *= while_joining;
    const bool storm = history_.elapsed() % storm_every >= storm_every - storm_lasts;
    return storm ? chance * plan_.storm_factor : chance;
}

awaitable<bool> group_member::poll() {
    std::vector<micro_operation> what{{.is_send = false}};
    open_operation op = history_.begin(process_, "poll", value_of(what));
    polling_ = &op;
    changes_.clear();
    const auto polled = co_await reader_.poll(poll_patience);
    polling_ = nullptr;
    if (!polled) {
        op.error = text_of(polled.error().message());
        op.end(op_type::fail);
        co_return true;
    }
    what.front().polled = true;
    what.front().records = copy_of(*polled);
    for (const auto& [partition, records] : what.front().records) {
        if (!records.empty()) next_[partition] = records.back().offset + 1;
    }
    op.value = value_of(what);
    op.end(op_type::ok);
    co_return true;
}

/// An answer that came before a second try could be sent is about the only one. After that an error
/// says nothing of the tries before it. And where one was given up unanswered it may still arrive:
/// only from members of older generations it is refused, so whoever sent it leaves.
awaitable<bool> group_member::commit() {
    if (next_.empty()) co_return true;
    client::offset_map offsets;
    for (const auto& [partition, next] : next_) {
        offsets[{.topic = plan_.topic, .partition = kafka::partition_index(partition)}] = {
            .offset = kafka::offset(next)};
    }
    const std::int32_t generation = reader_.standing().generation;
    open_operation op =
        history_.begin(process_, "commit", offsets_of(next_), generation_of(generation));
    const runtime::instant begun = world_.now();
    const auto done = co_await reader_.commit(std::move(offsets));
    const runtime::duration took = world_.now() - begun;
    const bool once = took < settings().retry_backoff_ms;
    const bool given_up_once = took >= settings().request_timeout_ms;
    if (reader_.standing().generation != generation) op.more.clear();
    if (done) {
        op.end(op_type::ok);
        if (given_up_once) co_await leave();
        co_return !given_up_once;
    }
    op.error = text_of(done.error().message());
    const bool refused =
        once && !done.error().retriable() && done.error().reason == client::errc::refused_by_broker;
    op.end(refused ? op_type::fail : op_type::info);
    co_return refused;
}

/// Only what a member is told counts, and only if it was one all the time.
awaitable<bool> group_member::look() {
    const std::int32_t generation = reader_.standing().generation;
    if (generation < 0) co_return co_await poll();
    open_operation op = history_.begin(process_, "committed", {}, generation_of(generation));
    const client::partition_set all = all_partitions();
    const auto found = co_await reader_.committed(all);
    if (!found || reader_.standing().generation != generation) {
        op.end(op_type::fail);
        co_return true;
    }
    op.value.clear();
    op.value.open_map();
    for (const client::topic_partition& each : all) {
        op.value.add_integer(each.partition.value());
        const auto offset = found->find(each);
        if (offset == found->end()) {
            op.value.add_nil();
        } else {
            op.value.add_integer(offset->second.offset.value());
        }
    }
    op.value.close();
    op.end(op_type::ok);
    co_return true;
}

awaitable<void> group_member::leave() {
    open_operation op = history_.begin(process_, "unsubscribe", {});
    polling_ = &op;
    changes_.clear();
    const auto closed = co_await reader_.close(close_patience);
    polling_ = nullptr;
    op.end(closed ? op_type::ok : op_type::info);
}

awaitable<void> group_member::on_assigned(client::partition_set partitions) {
    for (const auto& each : partitions) next_.erase(each.partition.value());
    note("assigned", partitions);
    co_return;
}

awaitable<void> group_member::on_revoked(client::partition_set partitions) {
    for (const auto& each : partitions) next_.erase(each.partition.value());
    note("revoked", partitions);
    co_return;
}

awaitable<void> group_member::on_lost(client::partition_set partitions) {
    for (const auto& each : partitions) next_.erase(each.partition.value());
    note("lost", partitions);
    co_return;
}

void group_member::note(std::string_view event, const client::partition_set& partitions) {
    change told{.event = event,
                .at = history_.elapsed().count(),
                .generation = reader_.standing().generation,
                .keys = {}};
    for (const auto& each : partitions) told.keys.push_back(each.partition.value());
    changes_.push_back(std::move(told));
    show_changes();
}

/// At once: the operation may be dropped at any time.
void group_member::show_changes() {
    if (polling_ == nullptr) return;
    datum& more = polling_->more;
    more.clear();
    more.open_map();
    more.add_keyword("rebalance-log");
    more.open_vector();
    for (const change& each : changes_) {
        more.open_map();
        more.add_keyword("keys");
        more.add(list_of(each.keys).view());
        more.add_keyword("event");
        more.add_keyword(each.event);
        more.add_keyword("time");
        more.add_integer(each.at);
        more.add_keyword("generation");
        more.add_integer(each.generation);
        more.close();
    }
    more.close();
    more.close();
}

}  // namespace verdikt::workloads
