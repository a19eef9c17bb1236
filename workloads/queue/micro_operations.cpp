#include "workloads/queue/micro_operations.h"

#include "workloads/recorder/datums.h"

namespace verdikt::workloads {

using checker::history::datum;

namespace {

void add_send(datum& into, const micro_operation& what) {
    into.add_keyword("send");
    into.add_integer(what.partition);
    if (what.offset < 0) return into.add_integer(what.value);
    into.open_vector();
    into.add_integer(what.offset);
    into.add_integer(what.value);
    into.close();
}

void add_record(datum& into, const polled_record& record) {
    into.open_vector();
    into.add_integer(record.offset);
    add_number_or_text(into, record.value);
    into.add_integer(record.epoch);
    into.add_integer(record.time);
    into.close();
}

void add_poll(datum& into, const micro_operation& what) {
    into.add_keyword("poll");
    if (!what.polled) return;
    into.open_map();
    for (const auto& [partition, records] : what.records) {
        into.add_integer(partition);
        into.open_vector();
        for (const polled_record& each : records) add_record(into, each);
        into.close();
    }
    into.close();
}

}  // namespace

datum value_of(const std::vector<micro_operation>& operations) {
    datum made;
    made.open_vector();
    for (const micro_operation& each : operations) {
        made.open_vector();
        each.is_send ? add_send(made, each) : add_poll(made, each);
        made.close();
    }
    made.close();
    return made;
}

std::map<std::int32_t, std::vector<polled_record>> copy_of(
    const client::consumed_records& records) {
    std::map<std::int32_t, std::vector<polled_record>> copied;
    for (const client::consumed_record& each : records) {
        copied[each.partition.value()].push_back(
            {.offset = each.offset.value(),
             .value = each.value ? std::string(client::as_text(*each.value)) : std::string(),
             .epoch = each.epoch.value(),
             .time = each.time.value()});
    }
    return copied;
}

}  // namespace verdikt::workloads
