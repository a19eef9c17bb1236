#include "workloads/keyed_transactions/read_key.h"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using runtime::awaitable;

namespace {

constexpr runtime::duration poll_patience = 300ms;
constexpr runtime::duration rest_after_failed_poll = 100ms;
/// How far before the end the newest record is looked for first; each time after that, four times
/// as far.
constexpr std::int64_t first_window = 16;
constexpr std::int64_t wider = 4;

/// False if it was set back.
bool take(const client::consumed_records& polled, std::vector<found_record>& into) {
    for (const client::consumed_record& each : polled) {
        if (!into.empty() && into.back().offset >= each.offset.value()) return false;
        into.push_back(
            {.offset = each.offset.value(),
             .value = each.value ? std::string(client::as_text(*each.value)) : std::string()});
    }
    return true;
}

awaitable<std::optional<std::vector<found_record>>> read_from(runtime::environment& world,
                                                              client::consumer& reader,
                                                              client::topic_partition where,
                                                              kafka::offset from,
                                                              kafka::offset end,
                                                              runtime::instant deadline) {
    std::vector<found_record> found;
    if (!reader.assign({where}) || !reader.seek(where, {.offset = from})) co_return std::nullopt;
    while (world.now() < deadline) {
        const auto at = co_await reader.position(where);
        if (at && *at >= end) co_return found;
        const auto polled = co_await reader.poll(poll_patience);
        if (!polled) {
            co_await world.sleep_for(rest_after_failed_poll);
        } else if (!take(*polled, found)) {
            co_return std::nullopt;
        }
    }
    co_return std::nullopt;
}

awaitable<std::optional<std::vector<found_record>>> read_newest(runtime::environment& world,
                                                                client::consumer& reader,
                                                                client::topic_partition where,
                                                                kafka::offset end,
                                                                runtime::instant deadline) {
    for (std::int64_t window = first_window;; window *= wider) {
        const kafka::offset from(std::max<std::int64_t>(0, end.value() - window));
        auto found = co_await read_from(world, reader, where, from, end, deadline);
        // Below the end there may be nothing but marks and what was aborted.
        const bool nothing_yet = found && found->empty() && from > kafka::offset(0);
        if (nothing_yet) continue;
        if (found && found->size() > 1) found->erase(found->begin(), std::prev(found->end()));
        co_return found;
    }
}

}  // namespace

awaitable<std::optional<kafka::offset>> end_of(client::consumer& reader,
                                               client::topic_partition where) {
    const auto ends = co_await reader.end_offsets({where});
    if (!ends || ends->empty()) co_return std::nullopt;
    co_return ends->begin()->second;
}

awaitable<std::optional<std::vector<found_record>>> read_key(runtime::environment& world,
                                                             client::consumer& reader,
                                                             key_kind what,
                                                             client::topic_partition where,
                                                             kafka::offset end,
                                                             runtime::instant deadline) {
    if (what == key_kind::newest) {
        co_return co_await read_newest(world, reader, std::move(where), end, deadline);
    }
    co_return co_await read_from(world, reader, std::move(where), kafka::offset(0), end, deadline);
}

}  // namespace verdikt::workloads
