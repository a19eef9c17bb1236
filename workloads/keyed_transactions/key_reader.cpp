#include "workloads/keyed_transactions/key_reader.h"

#include "client/closing.h"
#include "workloads/clients.h"
#include "workloads/draws.h"
#include "workloads/keyed_transactions/read_key.h"
#include "workloads/recorder/datums.h"

#include <fmt/format.h>

#include <utility>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using checker::history::op_type;
using runtime::awaitable;

namespace {

constexpr std::int64_t reads_max = 3;
/// Of one key.
constexpr runtime::duration read_patience = 5s;

}  // namespace

awaitable<void> key_reader::live(runtime::instant until) {
    process_ = history_.fresh_process();
    client::consumer reader(world_,
                            consumer_settings(plan_.load, fmt::format("reader-{}", process_)));
    co_await client::use_and_close(reader, read_on(reader, until));
}

awaitable<void> key_reader::read_on(client::consumer& reader, runtime::instant until) {
    while (true) {
        co_await world_.sleep_for(draw_pause(plan_.load, random_));
        if (world_.now() >= until) co_return;
        co_await read(reader);
    }
}

awaitable<void> key_reader::read(client::consumer& reader) {
    const auto keys = board_.draw(random_.between(1, reads_max), plan_.load, random_);
    std::vector<key_step> what;
    what.reserve(keys.size());
    for (const std::int32_t key : keys) what.push_back({.is_write = false, .key = key});
    open_operation op = history_.begin(process_, "txn", value_of(plan_.what, what));
    bool complete = true;
    for (key_step& each : what) complete = complete && co_await carry_out(reader, each);
    if (complete) {
        op.value = value_of(plan_.what, what);
        if (plan_.what == key_kind::newest) op.more = field_of("offsets", offsets_of(what).view());
    } else {
        op.error = text_of("not read to its end in time");
    }
    op.end(complete ? op_type::ok : op_type::fail);
}

awaitable<bool> key_reader::carry_out(client::consumer& reader, key_step& what) {
    const client::topic_partition where = plan_.place_of(what.key);
    const auto end = co_await end_of(reader, where);
    if (!end) co_return false;
    auto found =
        co_await read_key(world_, reader, plan_.what, where, *end, world_.now() + read_patience);
    what.done = found.has_value();
    if (found) what.found = std::move(*found);
    co_return what.done;
}

}  // namespace verdikt::workloads
