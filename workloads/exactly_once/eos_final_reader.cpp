#include "workloads/exactly_once/eos_final_reader.h"

#include "client/closing.h"
#include "workloads/clients.h"
#include "workloads/final_ends.h"
#include "workloads/recorder/datums.h"

#include <utility>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using checker::history::op_type;
using runtime::awaitable;

namespace {

constexpr runtime::duration final_patience = 500ms;
constexpr runtime::duration rest_after_failure = 200ms;

}  // namespace

awaitable<void> eos_final_reader::run(runtime::instant deadline) {
    co_await read_offsets(deadline);
    process_ = history_.fresh_process();
    client::consumer reader(world_, consumer_settings(plan_.load, "final-reader"));
    co_await client::use_and_close(reader, read_all(reader, deadline));
    co_await read_offsets(deadline);
}

awaitable<void> eos_final_reader::read_offsets(runtime::instant deadline) {
    process_ = history_.fresh_process();
    client::client_config settings = consumer_settings(plan_.load, "final-offsets", plan_.group);
    settings.enable_auto_commit = false;
    client::consumer asking(world_, std::move(settings));
    co_await client::use_and_close(asking, ask_for_offsets(asking, deadline));
}

awaitable<void> eos_final_reader::ask_for_offsets(client::consumer& of, runtime::instant deadline) {
    const client::partition_set inputs = partitions_of(plan_, plan_.input);
    while (world_.now() < deadline) {
        open_operation op = history_.begin(process_, "committed", {});
        const auto found = co_await of.committed(inputs);
        if (found) {
            op.value = offsets_of(plan_, inputs, *found);
            co_return op.end(op_type::ok);
        }
        op.error = text_of(found.error().message());
        op.end(op_type::fail);
        co_await world_.sleep_for(rest_after_failure);
    }
}

awaitable<void> eos_final_reader::read_all(client::consumer& reader, runtime::instant deadline) {
    client::partition_set all = partitions_of(plan_, plan_.input);
    all.merge(partitions_of(plan_, plan_.output));
    checker::history::datum yes;
    yes.add_boolean(true);
    open_operation op = history_.begin(
        process_, "assign", keys_of(plan_, all), field_of("seek-to-beginning?", yes.view()));
    const auto assigned = reader.assign(all);
    const auto sought = reader.seek_to_beginning(all);
    op.end(assigned && sought ? op_type::ok : op_type::fail);
    if (!assigned || !sought) co_return;
    ends_ = co_await final_ends(world_, plan_.load, all, deadline);
    while (!ends_.empty() && world_.now() < deadline) co_await poll_once(reader);
}

awaitable<void> eos_final_reader::poll_once(client::consumer& reader) {
    std::vector<eos_record> polled;
    open_operation op = history_.begin(process_, "poll", value_of(plan_, &polled, {}));
    auto records = co_await reader.poll(final_patience);
    if (!records) {
        op.error = text_of(records.error().message());
        op.end(op_type::fail);
        co_await world_.sleep_for(rest_after_failure);
        co_return;
    }
    polled = records_of(*records);
    op.value = value_of(plan_, &polled, {});
    const client::partition_set read = co_await newly_read(reader);
    if (!read.empty()) op.more = field_of("read-to-end", keys_of(plan_, read).view());
    op.end(op_type::ok);
}

/// They leave `ends_`.
awaitable<client::partition_set> eos_final_reader::newly_read(client::consumer& reader) {
    client::partition_set read;
    for (const auto& [which, end] : ends_) {
        const auto at = co_await reader.position(which);
        if (at && *at >= end) read.insert(which);
    }
    for (const client::topic_partition& each : read) ends_.erase(each);
    co_return read;
}

}  // namespace verdikt::workloads
