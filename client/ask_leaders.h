/// Asks the leaders of partitions something, until each partition has an answer that stands.
#pragma once

#include "client/cluster.h"
#include "client/record.h"
#include "runtime/deadline.h"

#include <map>
#include <set>
#include <utility>
#include <vector>

namespace verdikt::client {

template <typename Value>
using partition_outcomes = std::map<topic_partition, result<Value>>;

struct led_partition {
    topic_partition where;
    kafka::leader_epoch epoch;  ///< Of the leadership that is asked.
};

/// By leader. What has no leader just now is left out.
using by_leader = std::map<kafka::node_id, std::vector<led_partition>>;

[[nodiscard]] inline by_leader group_by_leader(const metadata_cache& metadata,
                                               const std::set<topic_partition>& partitions) {
    by_leader groups;
    for (const topic_partition& each : partitions) {
        if (const auto led = metadata.leader_of(each)) {
            groups[led->leader].push_back({.where = each, .epoch = led->epoch});
        }
    }
    return groups;
}

/// Whether asking again, perhaps somebody else, may help: Java's retriable errors, and every
/// failure of the transport.
[[nodiscard]] inline bool worth_asking_again(const error& why) {
    return why.retriable();
}

/// `ask(node, partitions)` returns awaitable<partition_outcomes<Value>> for exactly those
/// partitions. Partitions that nobody could answer for by the deadline have the last error.
template <typename Value, typename Ask>
runtime::awaitable<partition_outcomes<Value>> ask_leaders(cluster& within,
                                                          std::set<topic_partition> todo,
                                                          runtime::instant deadline,
                                                          Ask ask) {
    partition_outcomes<Value> outcomes;
    for (const topic_partition& each : todo) within.want_topic(each.topic);
    for (std::uint32_t failures = 1; !todo.empty(); ++failures) {
        const by_leader groups = group_by_leader(within.metadata(), todo);
        for (const auto& [node, partitions] : groups) {
            partition_outcomes<Value> answers = co_await ask(node, partitions);
            for (auto& [where, answer] : answers) {
                if (answer || !worth_asking_again(answer.error())) todo.erase(where);
                outcomes.insert_or_assign(where, std::move(answer));
            }
        }
        for (auto each = todo.begin(); each != todo.end();) {
            const auto fault = within.metadata().fault_of(each->topic);
            const auto* const known = within.metadata().find(each->topic);
            const auto index = static_cast<std::size_t>(each->partition.value());
            const bool beyond = known != nullptr && index >= known->partitions.size();
            if (fault != kafka::error_code::none) outcomes.insert_or_assign(*each, failure(fault));
            if (beyond) {
                outcomes.insert_or_assign(*each,
                                          failure(kafka::error_code::unknown_topic_or_partition));
            }
            const bool hopeless = fault != kafka::error_code::none && !kafka::retriable(fault);
            each = hopeless ? todo.erase(each) : std::next(each);
        }
        if (todo.empty()) break;
        const auto again = within.world().now() + within.retry_delay(failures);
        if (again >= deadline) break;
        within.request_metadata();
        if (groups.empty()) {
            co_await runtime::with_deadline(
                within.world(), deadline, within.metadata_changed().wait());
        } else {
            co_await within.world().sleep_until(again);
        }
    }
    for (const topic_partition& each : todo) {
        outcomes.try_emplace(each, failure(errc::timed_out, "nobody leads the partition"));
    }
    co_return outcomes;
}

/// The same failure for each of the partitions.
template <typename Value>
partition_outcomes<Value> same_for_all(const std::vector<led_partition>& partitions,
                                       const error& why) {
    partition_outcomes<Value> outcomes;
    for (const led_partition& each : partitions) {
        outcomes.insert_or_assign(each.where, std::unexpected(why));
    }
    return outcomes;
}

}  // namespace verdikt::client
