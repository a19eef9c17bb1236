#include "workloads/exactly_once/eos_feeder.h"

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

constexpr runtime::duration rest_of_feeder = 100ms;
constexpr std::int64_t inputs_max = 4;
/// The others are the instances'.
constexpr double share_of_feeder = 0.3;

}  // namespace

awaitable<void> eos_feeder::run(runtime::instant until) {
    while (world_.now() < until) {
        living_.emplace(world_.get_executor());
        living_->spawn(live(until));
        co_await living_->join();
        co_await world_.sleep_for(rest_of_feeder);
    }
}

bool eos_feeder::crash() {
    if (!living_ || living_->running() == 0) return false;
    living_->cancel();
    return true;
}

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
    for (const eos_record& each : what) {
        auto place = co_await writer.append({.topic = plan_.input,
                                             .partition = each.where.partition,
                                             .value = client::as_bytes(each.value)});
        if (!place) {
            op.error = words_of(place.error().message());
            break;
        }
        pending.push_back(std::move(*place));
    }
    std::size_t written = 0;
    bool unsure = false;
    for (std::size_t at = 0; at < pending.size(); ++at) {
        const client::delivery outcome = co_await pending[at].wait();
        if (const auto* told = std::get_if<client::delivered>(&outcome)) {
            what[at].offset = told->offset.value();
            ++written;
        }
        unsure = unsure || std::holds_alternative<client::unknown>(outcome);
    }
    op.value = value_of(plan_, nullptr, what);
    const bool partly = unsure || written != 0;
    const op_type type = written == what.size() ? op_type::ok
                         : partly               ? op_type::info
                                                : op_type::fail;
    op.end(type);
    over_ = type == op_type::info;
}

}  // namespace verdikt::workloads
