#include "workloads/compaction/partition_scan.h"

#include "client/closing.h"
#include "workloads/clients.h"

#include <fmt/format.h>

#include <utility>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using checker::history::datum;
using checker::history::op_type;
using runtime::awaitable;

namespace {

constexpr runtime::duration poll_patience = 300ms;
constexpr runtime::duration rest_after_failure = 100ms;

struct scanned {
    std::optional<std::int64_t> start = {};
    std::optional<std::int64_t> end = {};
    std::vector<keyed_value> records = {};
    bool complete = false;
};

datum bounds_of(const scanned& what) {
    datum made;
    made.open_map();
    made.add_keyword("start");
    made.add_integer(what.start.value_or(0));
    made.add_keyword("end");
    made.add_integer(what.end.value_or(0));
    made.close();
    return made;
}

/// The offset of the one partition that was asked for.
std::optional<std::int64_t> only_one(
    const client::result<std::map<client::topic_partition, kafka::offset>>& told) {
    if (!told || told->empty()) return std::nullopt;
    return told->begin()->second.value();
}

awaitable<void> scan(runtime::environment& world,
                     client::consumer& reader,
                     client::topic_partition where,
                     runtime::instant deadline,
                     scanned& into) {
    const client::partition_set partitions{where};
    if (!reader.assign(partitions) || !reader.seek_to_beginning(partitions)) co_return;
    while (world.now() < deadline) {
        if (!into.start) into.start = only_one(co_await reader.beginning_offsets(partitions));
        if (into.start && !into.end) into.end = only_one(co_await reader.end_offsets(partitions));
        const auto at = co_await reader.position(where);
        if (into.end && at && *at >= kafka::offset(*into.end)) {
            into.complete = true;
            co_return;
        }
        const auto polled = co_await reader.poll(poll_patience);
        if (!polled) {
            co_await world.sleep_for(rest_after_failure);
            continue;
        }
        for (const client::consumed_record& each : *polled) {
            into.records.push_back(to_keyed_value(each));
        }
    }
}

}  // namespace

client::topic_partition place_of(const compaction_options& plan, std::int32_t partition) {
    if (plan.is_compacted(partition)) {
        return {.topic = plan.compacted_topic, .partition = kafka::partition_index(partition)};
    }
    return {.topic = plan.aging_topic,
            .partition = kafka::partition_index(partition - plan.load.partitions)};
}

awaitable<bool> scan_partition(runtime::environment& world,
                               const compaction_options& plan,
                               recorder& history,
                               std::int64_t process,
                               std::int32_t partition,
                               runtime::instant deadline) {
    client::client_config settings =
        consumer_settings(plan.load, fmt::format("scanner-{}", process));
    // There are no transactions here, and the high watermark is the end that counts.
    settings.isolation_level = "read_uncommitted";
    client::consumer reader(world, std::move(settings));
    scanned found;
    open_operation op = history.begin(process, "scan", value_of_scan(partition, {}));
    co_await client::use_and_close(reader,
                                   scan(world, reader, place_of(plan, partition), deadline, found));
    if (found.complete) {
        op.value = value_of_scan(partition, found.records);
        op.more = bounds_of(found);
    }
    op.end(found.complete ? op_type::ok : op_type::fail);
    co_return found.complete;
}

}  // namespace verdikt::workloads
