#include "workloads/queue/queue_final_reader.h"

#include "client/closing.h"
#include "workloads/clients.h"
#include "workloads/final_ends.h"
#include "workloads/queue/micro_operations.h"
#include "workloads/recorder/datums.h"

#include <utility>
#include <vector>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using checker::history::op_type;
using runtime::awaitable;

namespace {

constexpr runtime::duration final_poll_patience = 500ms;
constexpr runtime::duration rest_after_failure = 200ms;

}  // namespace

client::partition_set queue_final_reader::all_partitions() const {
    client::partition_set all;
    for (std::int32_t each = 0; each < plan_.load.partitions; ++each) {
        all.insert({.topic = plan_.topic, .partition = kafka::partition_index(each)});
    }
    return all;
}

awaitable<void> queue_final_reader::run(runtime::instant deadline) {
    process_ = history_.fresh_process();
    client::consumer reader(world_, consumer_settings(plan_.load, "final-reader"));
    co_await client::use_and_close(reader, read(reader, deadline));
}

awaitable<void> queue_final_reader::read(client::consumer& reader, runtime::instant deadline) {
    std::vector<std::int32_t> keys;
    keys.reserve(static_cast<std::size_t>(plan_.load.partitions));
    for (std::int32_t each = 0; each < plan_.load.partitions; ++each) keys.push_back(each);
    checker::history::datum yes;
    yes.add_boolean(true);
    open_operation op = history_.begin(
        process_, "assign", list_of(keys), field_of("seek-to-beginning?", yes.view()));
    const auto assigned = reader.assign(all_partitions());
    const auto sought = reader.seek_to_beginning(all_partitions());
    op.end(assigned && sought ? op_type::ok : op_type::fail);
    if (!assigned || !sought) co_return;
    const auto ends = co_await final_ends(world_, plan_.load, all_partitions(), deadline);
    for (const auto& [which, offset] : ends) ends_[which.partition.value()] = offset;
    while (!ends_.empty() && world_.now() < deadline) co_await poll_once(reader);
}

awaitable<void> queue_final_reader::poll_once(client::consumer& reader) {
    std::vector<micro_operation> what{{.is_send = false}};
    open_operation op = history_.begin(process_, "poll", value_of(what));
    auto polled = co_await reader.poll(final_poll_patience);
    if (!polled) {
        op.error = text_of(polled.error().message());
        op.end(op_type::fail);
        co_await world_.sleep_for(rest_after_failure);
        co_return;
    }
    what.front().polled = true;
    what.front().records = copy_of(*polled);
    op.value = value_of(what);
    const std::set<std::int32_t> read = co_await newly_read(reader);
    if (!read.empty()) op.more = field_of("read-to-end", list_of(read).view());
    op.end(op_type::ok);
}

/// They leave `ends_`.
awaitable<std::set<std::int32_t>> queue_final_reader::newly_read(client::consumer& reader) {
    std::set<std::int32_t> read;
    for (const auto& [index, end] : ends_) {
        client::topic_partition which{.topic = plan_.topic,
                                      .partition = kafka::partition_index(index)};
        const auto at = co_await reader.position(std::move(which));
        if (at && *at >= end) read.insert(index);
    }
    for (const std::int32_t each : read) ends_.erase(each);
    co_return read;
}

}  // namespace verdikt::workloads
