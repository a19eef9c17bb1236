#include "tests/sim/replication/memory_log.h"

#include "runtime/check.h"

#include <algorithm>

namespace verdikt::broker::replication {

std::vector<stored_record> memory_log::read(kafka::offset from, std::int64_t count) const {
    std::vector<stored_record> result;
    const kafka::offset last = std::min(end(), from + count);
    for (kafka::offset place = from; place < last; place = place.next()) {
        result.push_back(at(place));
    }
    return result;
}

void memory_log::append(const stored_record& record) {
    // As storage does: an epoch that wrote nothing here gives way to records from before it.
    if (record.epoch < latest_epoch()) epochs_.truncate_from_end(end());
    CHECK(record.epoch >= latest_epoch());
    epochs_.assign(record.epoch, end());
    records_.push_back(record);
}

void memory_log::synced(kafka::offset target) {
    durable_end_ = std::max(durable_end_, std::min(target, end()));
}

void memory_log::truncate(kafka::offset to) {
    if (to >= end()) return;
    CHECK(to >= start_);
    records_.resize(static_cast<std::size_t>(to - start_));
    durable_end_ = std::min(durable_end_, to);
    epochs_.truncate_from_end(to);
}

void memory_log::restart(kafka::offset at) {
    records_.clear();
    start_ = durable_end_ = at;
    epochs_ = {};
}

void memory_log::raise_start(kafka::offset to) {
    CHECK(to <= end());
    while (start_ < to) {
        records_.pop_front();
        start_ = start_.next();
    }
    durable_end_ = std::max(durable_end_, start_);
    epochs_.truncate_from_start(to);
}

void memory_log::lose_power(kafka::offset kept) {
    CHECK(kept >= durable_end_);
    truncate(kept);
    durable_end_ = end();
}

}  // namespace verdikt::broker::replication
