#include "workloads/compaction/compaction_worker.h"
#include "workloads/send_outcome.h"

#include "client/admin.h"
#include "client/closing.h"
#include "workloads/clients.h"
#include "workloads/compaction/partition_scan.h"
#include "workloads/draws.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using checker::history::op_type;
using runtime::awaitable;

namespace {

constexpr runtime::duration scan_patience = 8s;
constexpr std::int64_t records_max = 3;
/// How far below the newest record a deletion may end.
constexpr std::int64_t records_spared_max = 40;

awaitable<void> delete_before(
    client::admin& asking,
    client::topic_partition where,
    std::int64_t before,
    client::result<client::outcomes<client::topic_partition, kafka::offset>>& into) {
    std::map<client::topic_partition, kafka::offset> wanted;
    wanted[where] = kafka::offset(before);
    into = co_await asking.delete_records(std::move(wanted));
}

}  // namespace

compaction_worker::compaction_worker(runtime::environment& world,
                                     const compaction_options& plan,
                                     compaction_board& board,
                                     recorder& history,
                                     runtime::random_source random)
    : world_(world),
      plan_(plan),
      board_(board),
      history_(history),
      random_(random),
      line_(world, [this](runtime::instant until) { return live(until); }) {}

awaitable<void> compaction_worker::live(runtime::instant until) {
    process_ = history_.fresh_process();
    over_ = false;
    client::producer writer(world_,
                            producer_settings(plan_.load, fmt::format("writer-{}", process_)));
    co_await use_while_alive(writer, act(writer, until), over_);
}

awaitable<void> compaction_worker::act(client::producer& writer, runtime::instant until) {
    while (!over_) {
        co_await world_.sleep_for(draw_pause(plan_.load, random_));
        if (world_.now() >= until) co_return;
        co_await act_once(writer);
    }
}

awaitable<void> compaction_worker::act_once(client::producer& writer) {
    if (random_.chance(plan_.crash_chance)) {
        crash_itself();
    } else if (random_.chance(plan_.scan_chance)) {
        const auto partition =
            static_cast<std::int32_t>(random_.between(0, plan_.all_partitions() - 1));
        co_await scan_partition(
            world_, plan_, history_, process_, partition, world_.now() + scan_patience);
    } else if (random_.chance(plan_.delete_chance)) {
        co_await delete_records();
    } else {
        co_await send(writer);
    }
}

void compaction_worker::crash_itself() {
    open_operation op = history_.begin(process_, "crash", {});
    end(op, op_type::info, {});
}

void compaction_worker::end(open_operation& what, op_type type, std::string_view why) {
    if (!why.empty()) what.error.add_text(why);
    what.end(type);
    if (type == op_type::info) over_ = true;
}

awaitable<void> compaction_worker::send(client::producer& writer) {
    std::vector<keyed_value> what = draw_records();
    open_operation op = history_.begin(process_, "send", value_of_send(what));
    std::vector<client::pending_delivery> pending;
    send_outcome all(what.size());
    for (const keyed_value& each : what) {
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
    for (const keyed_value& each : what) {
        std::int64_t& highest = board_.highest[static_cast<std::size_t>(each.partition)];
        highest = std::max(highest, each.offset);
    }
    op.value = value_of_send(what);
    const auto& why = all.why();
    end(op, all.type(), why ? why->message() : std::string());
}

awaitable<client::result<client::pending_delivery>> compaction_worker::append(
    client::producer& writer, keyed_value what) {
    const std::string key = fmt::format("{}", what.key);
    const std::string number = fmt::format("{}", what.number);
    const std::string value = number + std::string(plan_.value_bytes, '.');
    const client::topic_partition where = place_of(plan_, what.partition);
    const std::array<client::record_header, 1> headers{
        {{.key = number_header, .value = client::as_bytes(number)}}};
    client::producer_record record{.topic = where.topic,
                                   .partition = where.partition,
                                   .key = client::as_bytes(key),
                                   .headers = headers};
    if (!what.tombstone) record.value = client::as_bytes(value);
    co_return co_await writer.append(record);
}

awaitable<void> compaction_worker::delete_records() {
    const auto partition = static_cast<std::int32_t>(
        random_.between(plan_.load.partitions, plan_.all_partitions() - 1));
    const std::int64_t highest = board_.highest[static_cast<std::size_t>(partition)];
    const std::int64_t before =
        std::max<std::int64_t>(0, highest - random_.between(0, records_spared_max));
    open_operation op =
        history_.begin(process_, "delete-records", value_of_pair(partition, before));
    client::admin asking(world_, client_settings(plan_.load, fmt::format("deleter-{}", process_)));
    client::result<client::outcomes<client::topic_partition, kafka::offset>> done;
    const client::topic_partition where = place_of(plan_, partition);
    co_await client::use_and_close(asking, delete_before(asking, where, before, done));
    if (!done) co_return end(op, op_type::info, done.error().message());
    const auto& outcome = done->at(where);
    if (!outcome) co_return end(op, op_type::info, outcome.error().message());
    op.value = value_of_pair(partition, outcome->value());
    end(op, op_type::ok, {});
}

std::vector<keyed_value> compaction_worker::draw_records() {
    std::vector<keyed_value> drawn;
    for (std::int64_t count = random_.between(1, records_max); count > 0; --count) {
        drawn.push_back(
            {.partition = static_cast<std::int32_t>(random_.between(0, plan_.all_partitions() - 1)),
             .key = draw_one_of(plan_.keys, plan_.load, random_),
             .number = board_.next_number++,
             .tombstone = random_.chance(plan_.tombstone_chance)});
    }
    return drawn;
}

}  // namespace verdikt::workloads
