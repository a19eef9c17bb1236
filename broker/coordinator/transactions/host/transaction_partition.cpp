#include "broker/coordinator/transactions/host/transaction_partition.h"

#include "broker/coordinator/transactions/stored_transactions.h"
#include "runtime/check.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::coordinator::transactions {

using kafka::error_code;

namespace {

constexpr std::chrono::seconds load_pause{1};

bool uses(const effects& out, kafka::producer_id fresh) {
    return std::ranges::any_of(out, [&](const effect& what) {
        const auto* stored = std::get_if<store_transaction>(&what);
        return stored != nullptr &&
               (stored->state.producer.id == fresh || stored->state.next_id == fresh);
    });
}

}  // namespace

kafka::timestamp transaction_services::now() const {
    return kafka::timestamp(world.wall_time().time_since_epoch().count());
}

transaction_partition::transaction_partition(transaction_services& services,
                                             kafka::partition_index index,
                                             kafka::leader_epoch epoch)
    : services_(services),
      index_(index),
      machine_(services.config.transactions, epoch),
      loading_(services.world.get_executor()),
      marking_(services.world.get_executor()),
      writing_(services.world.get_executor()),
      writer_(services.log, index, epoch, writing_) {}

// ---- Loading.

class transaction_partition::replay final : public log_visitor {
  public:
    explicit replay(transaction_partition& of) : of_(of) {}

    void record(std::span<const std::byte> key,
                std::optional<std::span<const std::byte>> value,
                std::optional<kafka::producer_id> /*transaction*/) override {
        if (of_.retired_) return;
        auto read = read_record(key, value);
        if (!read) {
            of_.services_.world.log().write(runtime::log_level::warning,
                                            "transaction_record_skipped",
                                            {{"partition", of_.index_}});
            return;
        }
        of_.machine_.read(read->transactional_id, std::move(read->state));
    }

    void transaction_ended(kafka::producer_id /*producer*/, bool /*committed*/) override {}

  private:
    transaction_partition& of_;
};

void transaction_partition::start_loading() {
    loading_.spawn(load());
}

runtime::awaitable<void> transaction_partition::load() {
    replay seen(*this);
    for (;;) {
        // Read anew from the start after a failure: the same records in the same order lead to the
        // same states.
        const auto outcome = co_await services_.log.replay(index_, seen);
        // The last of what it waited for may come together with the end of the leadership.
        if (retired_) co_return;
        if (outcome) break;
        services_.world.log().write(
            runtime::log_level::error,
            "transaction_partition_load_failed",
            {{"partition", index_}, {"error", kafka::name(outcome.error())}});
        co_await services_.world.sleep_for(load_pause);
    }
    effects out;
    machine_.loaded(out);
    services_.world.log().write(
        runtime::log_level::info,
        "transaction_partition_loaded",
        {{"partition", index_}, {"transactions", machine_.transactions().size()}});
    carry_out(std::move(out));
}

void transaction_partition::retire() {
    CHECK(!retired_);
    retired_ = true;
    loading_.cancel();
    marking_.cancel();
    effects out;
    machine_.give_up(out);
    carry_out(std::move(out));
}

runtime::awaitable<void> transaction_partition::finish() {
    CHECK(retired_);
    co_await loading_.cancel_and_join();
    co_await marking_.cancel_and_join();
    co_await writing_.join();
}

runtime::awaitable<void> transaction_partition::stop() {
    CHECK(retired_);
    co_await loading_.cancel_and_join();
    co_await marking_.cancel_and_join();
    co_await writing_.cancel_and_join();
}

// ---- Events.

bool transaction_partition::init(const std::string& transactional_id,
                                 init_event event,
                                 ticket from) {
    event.from = from;
    effects out;
    machine_.init(transactional_id, event, out);
    const bool used = uses(out, event.fresh_id);
    carry_out(std::move(out));
    return used;
}

void transaction_partition::add_partitions(const std::string& transactional_id,
                                           add_event event,
                                           ticket from) {
    event.from = from;
    effects out;
    machine_.add_partitions(transactional_id, event, out);
    carry_out(std::move(out));
}

bool transaction_partition::end(const std::string& transactional_id, end_event event, ticket from) {
    event.from = from;
    effects out;
    machine_.end(transactional_id, event, out);
    const bool used = uses(out, event.fresh_id);
    carry_out(std::move(out));
    return used;
}

void transaction_partition::time_passed() {
    effects out;
    machine_.time_passed(services_.now(), out);
    carry_out(std::move(out));
}

// ---- Effects.

void transaction_partition::carry_out(effects out) {
    INVARIANT((machine_.check_invariants(), true));
    for (effect& what : out) carry_out(std::move(what));
}

void transaction_partition::carry_out(effect&& what) {
    if (auto* reply = std::get_if<answer>(&what)) {
        services_.waiting.answer(reply->to, *reply);
    } else if (auto* state = std::get_if<store_transaction>(&what)) {
        store(state->transactional_id,
              {encode_key(state->transactional_id), encode_value(state->state)});
    } else if (auto* tombstone = std::get_if<store_tombstone>(&what)) {
        store(tombstone->transactional_id, {encode_key(tombstone->transactional_id), std::nullopt});
    } else if (auto* markers = std::get_if<send_markers>(&what)) {
        marking_.spawn(write_markers(std::move(*markers), false));
    } else {
        auto& completion = std::get<retry_completion>(what);
        marking_.spawn(complete_later(std::move(completion.transactional_id)));
    }
}

void transaction_partition::store(const std::string& transactional_id, log_record record) {
    std::vector<log_record> records;
    records.push_back(std::move(record));
    writer_.write(std::move(records), [this, id = transactional_id](error_code outcome) {
        effects out;
        machine_.stored(id, outcome, services_.now(), out);
        carry_out(std::move(out));
    });
}

effects transaction_partition::join_markers(effects out) {
    effects joined;
    for (effect& what : out) {
        auto* next = std::get_if<send_markers>(&what);
        auto* last = joined.empty() ? nullptr : std::get_if<send_markers>(&joined.back());
        const bool is_same = next != nullptr && last != nullptr && next->round == last->round &&
                             next->transactional_id == last->transactional_id;
        if (is_same) {
            last->partitions.merge(next->partitions);
        } else {
            joined.push_back(std::move(what));
        }
    }
    return joined;
}

runtime::awaitable<void> transaction_partition::write_markers(send_markers what, bool again) {
    if (again) co_await services_.world.sleep_for(services_.config.marker_pause);
    const transactional::transaction_marker marker{
        .what = {.producer_id = what.producer.id,
                 .producer_epoch = what.producer.epoch,
                 .outcome = what.commit ? kafka::records::control_type::commit
                                        : kafka::records::control_type::abort,
                 .coordinator_epoch = machine_.epoch().value(),
                 .time = services_.now()},
        .epoch_of_its_own = what.spoken == protocol::epoch_bump};
    std::vector<kafka::topic_partition> where(what.partitions.begin(), what.partitions.end());
    const auto outcomes = co_await services_.markers.write(marker, std::move(where));
    effects out;
    for (const kafka::topic_partition& each : what.partitions) {
        const auto found = outcomes.find(each);
        const error_code outcome =
            found == outcomes.end() ? error_code::network_exception : found->second;
        machine_.marker_answered(
            what.transactional_id, what.round, each, outcome, services_.now(), out);
    }
    // Here a marker is to be sent because it was not taken: not at once.
    for (effect& next : join_markers(std::move(out))) {
        if (auto* markers = std::get_if<send_markers>(&next)) {
            marking_.spawn(write_markers(std::move(*markers), true));
        } else {
            carry_out(std::move(next));
        }
    }
}

runtime::awaitable<void> transaction_partition::complete_later(std::string transactional_id) {
    co_await services_.world.sleep_for(services_.config.marker_pause);
    effects out;
    machine_.complete_again(transactional_id, services_.now(), out);
    carry_out(std::move(out));
}

}  // namespace verdikt::broker::coordinator::transactions
