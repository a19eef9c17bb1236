#include "workloads/queue/queue_worker.h"
#include "workloads/recorder/datums.h"

#include "workloads/clients.h"
#include "workloads/draws.h"
#include "workloads/send_outcome.h"

#include <fmt/format.h>

#include <exception>
#include <utility>
#include <variant>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using client::error;
using runtime::awaitable;

namespace {

constexpr runtime::duration poll_patience = 300ms;
constexpr double list_offsets_chance = 0.03;
constexpr double from_beginning_chance = 0.1;
constexpr std::int64_t steps_back_max = 100;
constexpr std::int64_t sends_max = 4;

}  // namespace

queue_worker::queue_worker(runtime::environment& world,
                           const queue_options& plan,
                           queue_board& board,
                           recorder& history,
                           std::size_t number,
                           runtime::random_source random)
    : world_(world),
      plan_(plan),
      board_(board),
      history_(history),
      number_(number),
      how_(plan.ways()[number % plan.ways().size()]),
      transactional_(plan.is_transactional(number)),
      random_(random),
      line_(world, [this](runtime::instant until) { return live(until); }) {}

awaitable<void> queue_worker::live(runtime::instant until) {
    process_ = history_.fresh_process();
    over_ = false;
    rebalanced_.clear();
    client::producer writer(
        world_,
        producer_settings(plan_.load,
                          fmt::format("writer-{}", process_),
                          transactional_ ? plan_.transactional_id(number_) : std::string()));
    co_await use_while_alive(writer, write_and_read(writer, until), over_);
}

awaitable<void> queue_worker::write_and_read(client::producer& writer, runtime::instant until) {
    client::consumer reader(world_,
                            consumer_settings(plan_.load,
                                              fmt::format("reader-{}", process_),
                                              how_ == reading::subscribe ? plan_.group : ""));
    co_await use_while_alive(reader, act(writer, reader, until), over_);
}

awaitable<void> queue_worker::act(client::producer& writer,
                                  client::consumer& reader,
                                  runtime::instant until) {
    if (!co_await begin(writer, reader)) co_return;
    while (!over_) {
        co_await world_.sleep_for(draw_pause(plan_.load, random_));
        if (world_.now() >= until) co_return;
        co_await act_once(writer, reader);
    }
}

awaitable<bool> queue_worker::begin(client::producer& writer, client::consumer& reader) {
    if (transactional_) {
        const auto ready = co_await writer.init_transactions();
        if (!ready) co_return false;
    }
    co_return how_ == reading::assign ? assign(reader) : subscribe(reader);
}

awaitable<void> queue_worker::act_once(client::producer& writer, client::consumer& reader) {
    if (random_.chance(plan_.crash_chance)) co_return crash_itself();
    if (random_.chance(list_offsets_chance)) co_return co_await list_offsets(reader);
    if (transactional_) co_return co_await transact(writer, reader);
    if (random_.chance(0.5)) co_return co_await send(writer);
    co_await poll(reader);
}

std::vector<std::int32_t> queue_worker::all_keys() const {
    std::vector<std::int32_t> keys;
    keys.reserve(static_cast<std::size_t>(plan_.load.partitions));
    for (std::int32_t each = 0; each < plan_.load.partitions; ++each) keys.push_back(each);
    return keys;
}

bool queue_worker::assign(client::consumer& reader) {
    const std::vector<std::int32_t> keys = all_keys();
    open_operation op = history_.begin(process_, "assign", list_of(keys));
    auto done = reader.assign(all_partitions());
    for (const std::int32_t each : keys) {
        const auto index = static_cast<std::size_t>(each);
        const std::int64_t back = random_.between(0, steps_back_max);
        std::int64_t from = std::max<std::int64_t>(0, board_.highest_polled[index] - back);
        if (random_.chance(from_beginning_chance)) from = 0;
        if (done) {
            done = reader.seek(partition(each), {.offset = kafka::offset(from)});
        }
    }
    end(op, done ? op_type::ok : op_type::fail, done ? std::nullopt : std::optional(done.error()));
    return done.has_value();
}

bool queue_worker::subscribe(client::consumer& reader) {
    open_operation op = history_.begin(process_, "subscribe", list_of(all_keys()));
    const auto done = reader.subscribe({plan_.topic}, this);
    end(op, done ? op_type::ok : op_type::fail, done ? std::nullopt : std::optional(done.error()));
    return done.has_value();
}

void queue_worker::crash_itself() {
    open_operation op = history_.begin(process_, "crash", {});
    end(op, op_type::info, std::nullopt);
}

awaitable<void> queue_worker::send(client::producer& writer) {
    steps what = draw_sends();
    open_operation op = history_.begin(process_, "send", value_of(what));
    deliveries pending;
    send_outcome all(what.size());
    for (const micro_operation& each : what) {
        auto place = co_await append(writer, each);
        // Those that have no place are behind those that have one: a batch that is full or a
        // partition that is unknown ends the operation.
        if (!place) {
            all.refuse(place.error());
            break;
        }
        pending.push_back(std::move(*place));
    }
    for (std::size_t at = 0; at < pending.size(); ++at) {
        const client::delivery outcome = co_await pending[at].wait();
        all.take(outcome, what[at].offset);
    }
    op.value = value_of(what);
    end(op, all.type(), all.why());
}

awaitable<void> queue_worker::poll(client::consumer& reader) {
    steps what{{.is_send = false}};
    open_operation op = history_.begin(process_, "poll", value_of(what));
    auto polled = co_await reader.poll(poll_patience);
    note_rebalances(op);
    if (!polled) co_return end(op, op_type::fail, polled.error());
    what.front().polled = true;
    what.front().records = copy_of(*polled);
    note_polled(what.front());
    op.value = value_of(what);
    end(op, op_type::ok, std::nullopt);
    // Where a commit fails the records are read again, which a subscriber must be ready for.
    if (how_ == reading::subscribe && !plan_.load.auto_commit && !polled->empty()) {
        (void)co_await reader.commit();
    }
}

awaitable<void> queue_worker::list_offsets(client::consumer& reader) {
    datum nothing;
    open_operation op = history_.begin(process_, "list-offsets", std::move(nothing));
    const auto ends = co_await reader.end_offsets(all_partitions());
    if (!ends) co_return end(op, op_type::fail, ends.error());
    op.value.clear();
    op.value.open_map();
    for (const auto& [which, offset] : *ends) {
        op.value.add_integer(which.partition.value());
        op.value.add_integer(offset.value());
    }
    op.value.close();
    end(op, op_type::ok, std::nullopt);
}

awaitable<void> queue_worker::on_assigned(client::partition_set partitions) {
    for (const auto& each : partitions) rebalanced_.insert(each.partition.value());
    co_return;
}

awaitable<void> queue_worker::on_revoked(client::partition_set partitions) {
    for (const auto& each : partitions) rebalanced_.insert(each.partition.value());
    co_return;
}

void queue_worker::end(open_operation& what, op_type type, const std::optional<error>& why) {
    if (why) what.error = text_of(why->message());
    what.end(type);
    if (type == op_type::info) over_ = true;
}

awaitable<client::result<client::pending_delivery>> queue_worker::append(client::producer& writer,
                                                                         micro_operation what) {
    const std::string value = fmt::format("{}", what.value);
    const client::producer_record record{.topic = plan_.topic,
                                         .partition = kafka::partition_index(what.partition),
                                         .value = client::as_bytes(value)};
    co_return co_await writer.append(record);
}

micro_operation queue_worker::draw_send() {
    const std::int32_t to = draw_one_of(plan_.load.partitions, plan_.load, random_);
    return {.partition = to, .value = board_.next_value[static_cast<std::size_t>(to)]++};
}

queue_worker::steps queue_worker::draw_sends() {
    steps drawn;
    const std::int64_t count = random_.between(1, sends_max);
    for (std::int64_t each = 0; each < count; ++each) drawn.push_back(draw_send());
    return drawn;
}

queue_worker::steps queue_worker::draw_transaction() {
    steps drawn;
    const std::int64_t count = random_.between(1, sends_max);
    for (std::int64_t each = 0; each < count; ++each) {
        drawn.push_back(random_.chance(0.6) ? draw_send() : micro_operation{.is_send = false});
    }
    return drawn;
}

client::topic_partition queue_worker::partition(std::int32_t index) const {
    return {.topic = plan_.topic, .partition = kafka::partition_index(index)};
}

client::partition_set queue_worker::all_partitions() const {
    client::partition_set all;
    for (std::int32_t each = 0; each < plan_.load.partitions; ++each) all.insert(partition(each));
    return all;
}

void queue_worker::note_polled(const micro_operation& what) {
    for (const auto& [partition, records] : what.records) {
        const auto index = static_cast<std::size_t>(partition);
        if (index >= board_.highest_polled.size() || records.empty()) continue;
        std::int64_t& highest = board_.highest_polled[index];
        highest = std::max(highest, records.back().offset);
    }
}

void queue_worker::note_rebalances(open_operation& what) {
    if (rebalanced_.empty()) return;
    what.more.clear();
    what.more.open_map();
    what.more.add_keyword("rebalance-log");
    what.more.open_vector();
    what.more.open_map();
    what.more.add_keyword("keys");
    what.more.add(list_of(rebalanced_).view());
    what.more.close();
    what.more.close();
    what.more.close();
    rebalanced_.clear();
}

}  // namespace verdikt::workloads
