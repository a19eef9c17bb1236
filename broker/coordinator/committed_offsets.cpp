#include "broker/coordinator/committed_offsets.h"

#include "runtime/check.h"

#include <algorithm>
#include <set>
#include <utility>

namespace verdikt::broker::coordinator {

void committed_offsets::begin(const kafka::topic_partition& where) {
    ++under_way_[where];
}

void committed_offsets::finish(const kafka::topic_partition& where,
                               std::optional<committed_offset> value) {
    const auto found = under_way_.find(where);
    CHECK(found != under_way_.end(), "no commit for {} is under way", where);
    if (--found->second == 0) under_way_.erase(found);
    if (value) restore(where, std::move(*value));
}

void committed_offsets::restore(kafka::topic_partition where, committed_offset value) {
    transactional_.supersede(where);
    values_.insert_or_assign(std::move(where), std::move(value));
}

void committed_offsets::erase(const kafka::topic_partition& where) {
    transactional_.supersede(where);
    values_.erase(where);
}

void committed_offsets::finish_in_transaction(const kafka::topic_partition& where,
                                              kafka::producer_id producer,
                                              std::optional<committed_offset> value) {
    transactional_.finish(where, producer, std::move(value));
}

void committed_offsets::restore_in_transaction(const kafka::topic_partition& where,
                                               kafka::producer_id producer,
                                               committed_offset value) {
    transactional_.restore(where, producer, std::move(value));
}

void committed_offsets::end_transaction(kafka::producer_id producer, bool committed) {
    for (auto& [where, value] : transactional_.end(producer, committed)) {
        values_.insert_or_assign(where, std::move(value));
    }
}

const committed_offset* committed_offsets::find(const kafka::topic_partition& where) const {
    const auto found = values_.find(where);
    return found == values_.end() ? nullptr : &found->second;
}

std::vector<kafka::topic_partition> committed_offsets::partitions() const {
    std::set<kafka::topic_partition> known;
    for (const auto& [where, value] : values_) known.insert(where);
    for (const auto& [where, count] : under_way_) known.insert(where);
    for (auto& where : transactional_.partitions()) known.insert(std::move(where));
    return {known.begin(), known.end()};
}

std::vector<kafka::topic_partition> committed_offsets::expired(
    kafka::timestamp now,
    std::chrono::milliseconds retention,
    std::optional<kafka::timestamp> idle_since) const {
    std::vector<kafka::topic_partition> gone;
    for (const auto& [where, value] : values_) {
        if (under_way_.contains(where) || is_unstable(where)) continue;
        const kafka::timestamp kept_from =
            std::max(value.committed, idle_since.value_or(value.committed));
        const kafka::timestamp until = value.expires.value_or(kept_from + retention.count());
        if (until <= now) gone.push_back(where);
    }
    return gone;
}

void committed_offsets::check_invariants() const {
    for (const auto& [where, count] : under_way_) CHECK(count > 0, "{}", where);
    transactional_.check_invariants();
}

}  // namespace verdikt::broker::coordinator
