#include "workloads/mixed_durability/mixed_worker.h"
#include "workloads/recorder/datums.h"
#include "workloads/send_outcome.h"

#include "workloads/clients.h"
#include "workloads/draws.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <variant>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using checker::history::op_type;
using runtime::awaitable;

namespace {

constexpr runtime::duration poll_patience = 300ms;
constexpr double from_beginning_chance = 0.1;
constexpr std::int64_t steps_back_max = 100;
constexpr std::int64_t sends_max = 3;

std::string acks_of(std::size_t number) {
    constexpr std::array<std::string_view, 4> turns{"all", "1", "", "0"};
    return std::string(turns[number % turns.size()]);
}

}  // namespace

mixed_worker::mixed_worker(runtime::environment& world,
                           const mixed_durability_options& plan,
                           mixed_board& board,
                           recorder& history,
                           std::size_t number,
                           runtime::random_source random)
    : world_(world),
      plan_(plan),
      board_(board),
      history_(history),
      acks_(acks_of(number)),
      random_(random),
      line_(world, [this](runtime::instant until) { return live(until); }) {}

awaitable<void> mixed_worker::live(runtime::instant until) {
    process_ = history_.fresh_process();
    over_ = false;
    co_await (acks_.empty() ? read(until) : write(until));
}

awaitable<bool> mixed_worker::rest(runtime::instant until) {
    co_await world_.sleep_for(draw_pause(plan_.load, random_));
    if (over_ || world_.now() >= until) co_return false;
    if (!random_.chance(plan_.crash_chance)) co_return true;
    open_operation op = history_.begin(process_, "crash", {});
    op.end(op_type::info);
    over_ = true;
    co_return false;
}

// ---- Sending.

awaitable<void> mixed_worker::write(runtime::instant until) {
    load_options load = plan_.load;
    load.acks = acks_;
    client::producer writer(world_, producer_settings(load, fmt::format("writer-{}", process_)));
    co_await use_while_alive(writer, send_on(writer, until), over_);
}

awaitable<void> mixed_worker::send_on(client::producer& writer, runtime::instant until) {
    while (co_await rest(until)) {
        co_await send(writer);
        if (acks_ == "0") process_ = history_.fresh_process();
    }
}

awaitable<void> mixed_worker::send(client::producer& writer) {
    steps what = draw_sends();
    open_operation op =
        history_.begin(process_, "send", value_of(what), field_of("acks", text_of(acks_).view()));
    std::vector<client::pending_delivery> pending;
    send_outcome all(what.size());
    for (const micro_operation& each : what) {
        auto place = co_await append(writer, each);
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
    if (const auto& why = all.why()) op.error = text_of(why->message());
    op.end(all.type());
    over_ = all.type() == op_type::info && acks_ != "0";
}

awaitable<client::result<client::pending_delivery>> mixed_worker::append(client::producer& writer,
                                                                         micro_operation what) {
    const std::string value = fmt::format("{}", what.value);
    const client::producer_record record{.topic = plan_.topic,
                                         .partition = kafka::partition_index(what.partition),
                                         .value = client::as_bytes(value)};
    co_return co_await writer.append(record);
}

mixed_worker::steps mixed_worker::draw_sends() {
    steps drawn;
    for (std::int64_t count = random_.between(1, sends_max); count > 0; --count) {
        const std::int32_t to = draw_one_of(plan_.load.partitions, plan_.load, random_);
        drawn.push_back(
            {.partition = to, .value = board_.next_value[static_cast<std::size_t>(to)]++});
    }
    return drawn;
}

// ---- Reading.

awaitable<void> mixed_worker::read(runtime::instant until) {
    client::consumer reader(world_,
                            consumer_settings(plan_.load, fmt::format("reader-{}", process_)));
    co_await use_while_alive(reader, poll_on(reader, until), over_);
}

awaitable<void> mixed_worker::poll_on(client::consumer& reader, runtime::instant until) {
    if (!assign(reader)) co_return;
    while (co_await rest(until)) co_await poll(reader);
}

client::topic_partition mixed_worker::partition(std::int32_t index) const {
    return {.topic = plan_.topic, .partition = kafka::partition_index(index)};
}

bool mixed_worker::assign(client::consumer& reader) {
    std::vector<std::int32_t> keys;
    client::partition_set all;
    for (std::int32_t each = 0; each < plan_.load.partitions; ++each) {
        keys.push_back(each);
        all.insert(partition(each));
    }
    open_operation op = history_.begin(process_, "assign", list_of(keys));
    auto done = reader.assign(std::move(all));
    for (const std::int32_t each : keys) {
        const std::int64_t highest = board_.highest_polled[static_cast<std::size_t>(each)];
        const std::int64_t back = random_.between(0, steps_back_max);
        const bool from_beginning = random_.chance(from_beginning_chance);
        const std::int64_t from = from_beginning ? 0 : std::max<std::int64_t>(0, highest - back);
        if (done) done = reader.seek(partition(each), {.offset = kafka::offset(from)});
    }
    op.end(done ? op_type::ok : op_type::fail);
    return done.has_value();
}

awaitable<void> mixed_worker::poll(client::consumer& reader) {
    steps what{{.is_send = false}};
    open_operation op = history_.begin(process_, "poll", value_of(what));
    const auto polled = co_await reader.poll(poll_patience);
    if (!polled) {
        op.error = text_of(polled.error().message());
        op.end(op_type::fail);
        co_return;
    }
    what.front().polled = true;
    what.front().records = copy_of(*polled);
    for (const auto& [index, records] : what.front().records) {
        std::int64_t& highest = board_.highest_polled[static_cast<std::size_t>(index)];
        if (!records.empty()) highest = std::max(highest, records.back().offset);
    }
    op.value = value_of(what);
    op.end(op_type::ok);
}

}  // namespace verdikt::workloads
