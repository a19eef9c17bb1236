#include "cli/reassignment_plan.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::cli {

namespace {

struct place {
    std::int32_t broker = 0;
    std::string rack;
};

/// One broker of each rack in turn. Without racks, each broker is a rack of its own.
std::vector<place> in_round(std::vector<broker_place> brokers) {
    const bool racks = std::ranges::all_of(
        brokers, [](const broker_place& each) { return each.rack.has_value(); });
    std::ranges::sort(brokers, {}, &broker_place::id);
    std::map<std::string, std::vector<std::int32_t>> by_rack;
    for (const broker_place& each : brokers) {
        by_rack[racks ? *each.rack : fmt::format("{:010}", each.id)].push_back(each.id);
    }
    std::vector<place> round;
    for (std::size_t turn = 0; round.size() < brokers.size(); ++turn) {
        for (const auto& [rack, members] : by_rack) {
            if (turn < members.size()) round.push_back({.broker = members[turn], .rack = rack});
        }
    }
    return round;
}

/// Requires: there are as many brokers as replicas.
std::vector<std::int32_t> replicas_from(const std::vector<place>& round,
                                        std::size_t leader,
                                        std::size_t distance,
                                        std::size_t wanted) {
    std::vector<std::int32_t> replicas{round[leader].broker};
    std::map<std::string, std::size_t> held{{round[leader].rack, 1}};
    // Those that a full rack passed over are taken in a later pass, once every rack holds as many.
    for (std::size_t a_rack_max = 1; replicas.size() < wanted; ++a_rack_max) {
        for (std::size_t step = 0; step + 1 < round.size() && replicas.size() < wanted; ++step) {
            const std::size_t others = round.size() - 1;
            const place& next = round[(leader + 1 + (distance + step) % others) % round.size()];
            const bool taken = std::ranges::find(replicas, next.broker) != replicas.end();
            if (taken || held[next.rack] >= a_rack_max) continue;
            replicas.push_back(next.broker);
            ++held[next.rack];
        }
    }
    return replicas;
}

}  // namespace

std::expected<partition_assignment, std::string> propose_assignment(
    const std::map<std::string, topic_shape>& topics,
    const std::vector<broker_place>& brokers,
    round_start start) {
    const std::vector<place> round = in_round(brokers);
    partition_assignment proposed;
    for (const auto& [topic, shape] : topics) {
        const auto wanted = static_cast<std::size_t>(shape.replicas);
        if (wanted == 0 || wanted > round.size()) {
            return std::unexpected(fmt::format(
                "topic {} has {} replicas a partition, and there are {} brokers to put them on",
                topic,
                shape.replicas,
                round.size()));
        }
        for (std::int32_t index = 0; index < shape.partitions; ++index) {
            const std::size_t turn = start.leader + static_cast<std::size_t>(index);
            const std::size_t distance =
                start.distance + static_cast<std::size_t>(index) / round.size();
            proposed[{.topic = topic, .partition = kafka::partition_index(index)}] =
                replicas_from(round, turn % round.size(), distance, wanted);
        }
    }
    return proposed;
}

}  // namespace verdikt::cli
