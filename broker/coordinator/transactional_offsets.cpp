#include "broker/coordinator/transactional_offsets.h"

#include "runtime/check.h"

#include <algorithm>
#include <set>
#include <utility>

namespace verdikt::broker::coordinator {

void transactional_offsets::finish(const kafka::topic_partition& where,
                                   kafka::producer_id producer,
                                   std::optional<committed_offset> value) {
    const auto found = under_way_.find(where);
    CHECK(found != under_way_.end(), "no transactional commit for {} is under way", where);
    if (--found->second == 0) under_way_.erase(found);
    if (value) restore(where, producer, std::move(*value));
}

void transactional_offsets::restore(const kafka::topic_partition& where,
                                    kafka::producer_id producer,
                                    committed_offset value) {
    open_[producer].insert_or_assign(where, written_offset{std::move(value), ++last_order_});
}

void transactional_offsets::supersede(const kafka::topic_partition& where) {
    supersede_before(where, last_order_ + 1);
}

void transactional_offsets::supersede_before(const kafka::topic_partition& where,
                                             std::uint64_t order) {
    for (auto& [producer, written] : open_) {
        const auto found = written.find(where);
        if (found != written.end() && found->second.order < order) found->second.value.reset();
    }
}

std::map<kafka::topic_partition, committed_offset> transactional_offsets::end(
    kafka::producer_id producer, bool committed) {
    std::map<kafka::topic_partition, committed_offset> result;
    auto ended = open_.extract(producer);
    if (ended.empty() || !committed) return result;
    for (auto& [where, written] : ended.mapped()) {
        if (!written.value) continue;
        supersede_before(where, written.order);
        result.emplace(where, std::move(*written.value));
    }
    return result;
}

bool transactional_offsets::is_unstable(const kafka::topic_partition& where) const {
    return under_way_.contains(where) || std::ranges::any_of(open_, [&](const auto& entry) {
               return entry.second.contains(where);
           });
}

std::vector<kafka::topic_partition> transactional_offsets::partitions() const {
    std::set<kafka::topic_partition> all;
    for (const auto& [where, count] : under_way_) all.insert(where);
    for (const auto& [producer, written] : open_) {
        for (const auto& [where, value] : written) all.insert(where);
    }
    return {all.begin(), all.end()};
}

void transactional_offsets::check_invariants() const {
    std::set<std::uint64_t> orders;
    for (const auto& [producer, written] : open_) {
        CHECK(!written.empty(), "producer {}", producer);
        for (const auto& [where, value] : written) {
            CHECK(value.order <= last_order_);
            CHECK(orders.insert(value.order).second, "{}", where);
        }
    }
    for (const auto& [where, count] : under_way_) CHECK(count > 0, "{}", where);
}

}  // namespace verdikt::broker::coordinator
