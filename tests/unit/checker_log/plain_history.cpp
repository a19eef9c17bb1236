#include "tests/unit/checker_log/plain_history.h"

#include <algorithm>
#include <map>

namespace verdikt::checker::log {

namespace {

using history::datum_view;
using history::op_type;

plain_event sent_event(datum_view what) {
    plain_event sent{{what[1].integer(), 0}, {}, {}, {}};
    const datum_view value = what[2];
    if (value.is_vector()) sent.offset = value[0].integer();
    sent.what.value = value.is_vector() ? value[1].integer() : value.integer();
    return sent;
}

plain_event polled_event(std::int64_t partition, datum_view record) {
    plain_event polled{{partition, record[1].integer()}, record[0].integer(), {}, {}};
    if (record.size() > 2) polled.epoch = record[2].integer();
    if (record.size() > 3) polled.timestamp = record[3].integer();
    return polled;
}

void read_micro_operations(datum_view value, plain_operation& into) {
    for (const datum_view one : value) {
        if (one[0].name() == "send") {
            into.sends.push_back(sent_event(one));
            continue;
        }
        const datum_view map = one[1];
        for (std::size_t at = 0; at < map.size(); at += 2) {
            for (const datum_view record : map[at + 1]) {
                into.polls.push_back(polled_event(map[at].integer(), record));
            }
        }
    }
}

void read_value(const history::operation& line, plain_operation& into) {
    const datum_view value = line.value.view();
    if (into.assigns()) {
        for (const datum_view one : value) into.partitions.insert(one.integer());
        const auto seek = line.more.view().find("seek-to-beginning?");
        into.seeks = seek && seek->boolean();
    } else if (into.f == "list-offsets") {
        if (!value.is_map()) return;
        for (std::size_t at = 0; at < value.size(); at += 2) {
            into.ends.emplace_back(value[at].integer(), value[at + 1].integer());
        }
    } else {
        read_micro_operations(value, into);
    }
    if (const auto acks = line.more.view().find("acks")) into.weak = acks->name() != "all";
    if (const auto ends = line.more.view().find("read-to-end")) {
        for (const datum_view one : *ends) into.read_to_end.insert(one.integer());
    }
}

}  // namespace

std::vector<plain_operation> plain_history(std::span<const history::operation> operations) {
    std::vector<plain_operation> all;
    std::map<std::int64_t, plain_operation> open;
    for (std::size_t at = 0; at < operations.size(); ++at) {
        const history::operation& line = operations[at];
        plain_operation one;
        one.process = line.process;
        one.f = line.f;
        read_value(line, one);
        if (line.type == op_type::invoke) {
            one.begun = static_cast<std::int64_t>(at);
            open[line.process] = one;
            continue;
        }
        one.begun = open[line.process].begun;
        one.ended = static_cast<std::int64_t>(at);
        one.type = line.type;
        one.weak = one.weak || open[line.process].weak;
        open.erase(line.process);
        all.push_back(one);
    }
    for (const auto& [process, one] : open) all.push_back(one);
    std::ranges::sort(
        all, {}, [](const plain_operation& one) { return std::pair(one.ended, one.begun); });
    return all;
}

}  // namespace verdikt::checker::log
