#include "workloads/exactly_once/eos_feeder.h"
#include "workloads/recorder/datums.h"
#include "workloads/send_outcome.h"

#include "client/closing.h"
#include "workloads/clients.h"
#include "workloads/exactly_once/eos_records.h"

#include <fmt/format.h>

#include <variant>
#include <vector>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using checker::history::op_type;
using runtime::awaitable;

namespace {

constexpr std::int64_t inputs_max = 4;
/// The others are the instances'.
constexpr double share_of_feeder = 0.3;

}  // namespace

awaitable<void> eos_feeder::live(runtime::instant until) {
    process_ = history_.fresh_process();
    over_ = false;
    client::producer writer(world_,
                            producer_settings(plan_.load, fmt::format("feeder-{}", process_)));
    co_await client::use_and_close(writer, feed(writer, until));
}

awaitable<void> eos_feeder::feed(client::producer& writer, runtime::instant until) {
    const double mean = 1e9 / (plan_.load.rate * share_of_feeder);
    while (!over_) {
        const auto pause = random_.between(0, static_cast<std::int64_t>(2 * mean));
        co_await world_.sleep_for(runtime::duration(pause));
        if (world_.now() >= until) co_return;
        co_await send(writer);
    }
}

awaitable<void> eos_feeder::send(client::producer& writer) {
    std::vector<eos_record> what;
    for (std::int64_t count = random_.between(1, inputs_max); count > 0; --count) {
        const auto to = static_cast<std::int32_t>(random_.between(0, plan_.load.partitions - 1));
        what.push_back({.where = {.topic = plan_.input, .partition = kafka::partition_index(to)},
                        .value = fmt::format("{}", next_value_++)});
    }
    open_operation op = history_.begin(process_, "send", value_of(plan_, nullptr, what));
    std::vector<client::pending_delivery> pending;
    send_outcome all(what.size());
    for (const eos_record& each : what) {
        auto place = co_await writer.append({.topic = plan_.input,
                                             .partition = each.where.partition,
                                             .value = client::as_bytes(each.value)});
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
    op.value = value_of(plan_, nullptr, what);
    if (const auto& why = all.why()) op.error = text_of(why->message());
    op.end(all.type());
    over_ = all.type() == op_type::info;
}

}  // namespace verdikt::workloads
