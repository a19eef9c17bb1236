#include "tests/sim/cluster/cluster_judge.h"

#include "kafka/records/batch.h"
#include "runtime/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace verdikt::tests {

using broker::replication::host::partition_ptr;
using broker::server::node_services;
using runtime::awaitable;

namespace {

kafka::topic_partition at(const std::string& topic, std::size_t partition) {
    return {topic, kafka::partition_index(static_cast<std::int32_t>(partition))};
}

struct common_range {
    kafka::offset start{0};
    kafka::offset end{std::numeric_limits<std::int64_t>::max()};
};

/// Coordinators' own topics are never quite at rest: theirs need only be complete.
bool is_internal(const std::string& topic) {
    return topic.starts_with("__");
}

const node_services* services_of(const std::deque<cluster_machine>& machines, kafka::node_id node) {
    return machines.at(static_cast<std::size_t>(node.value() - 1)).services();
}

std::optional<std::string> unrest_of(const node_services& here,
                                     const kafka::topic_partition& which,
                                     kafka::offset& committed) {
    const partition_ptr found = here.partitions.find(which);
    if (found == nullptr) return fmt::format("{} is not open on {}", which, here.node);
    if (is_internal(which.topic)) return std::nullopt;
    const auto& log = found->log();
    if (log.high_watermark() != log.log_end()) {
        return fmt::format("{} on {} ends at {}, committed {}",
                           which,
                           here.node,
                           log.log_end(),
                           log.high_watermark());
    }
    if (committed == kafka::no_offset) committed = log.log_end();
    if (committed != log.log_end())
        return fmt::format("{} ends at {} and at {}", which, committed, log.log_end());
    return std::nullopt;
}

std::optional<std::string> unrest_of(const std::deque<cluster_machine>& machines,
                                     const kafka::topic_partition& which,
                                     const broker::metadata::partition& known) {
    if (known.is_reassigning()) return fmt::format("{} is being moved", which);
    if (known.isr.size() != known.replicas.size())
        return fmt::format("{} has {} in sync", which, known.isr.size());
    kafka::offset committed = kafka::no_offset;
    for (const cluster_machine& each : machines) {
        const node_services& here = *each.services();
        const bool has_replica = broker::metadata::contains(known.replicas, each.id());
        if (!has_replica && here.partitions.find(which) != nullptr)
            return fmt::format("{} is still open on {}", which, each.id());
        if (!has_replica) continue;
        if (auto why = unrest_of(here, which, committed)) return why;
    }
    return std::nullopt;
}

/// All of it: a read ends with its segment.
awaitable<std::vector<std::byte>> bytes_of(const node_services& here,
                                           kafka::topic_partition which,
                                           common_range range) {
    constexpr std::uint64_t no_limit = std::numeric_limits<std::int32_t>::max();
    auto& log = here.partitions.find(which)->log();
    std::vector<std::byte> all;
    while (range.start < range.end) {
        const auto read = co_await log.read_bytes(
            {.from = range.start, .max_bytes = no_limit, .bound = range.end});
        if (!read || read->empty()) break;
        for (kafka::records::batch_reader batches(*read); !batches.done();) {
            const auto batch = batches.next();
            CHECK(batch.has_value());
            range.start = batch->next_offset();
        }
        all.insert(all.end(), read->begin(), read->end());
    }
    co_return all;
}

/// What all replicas have and know to be committed.
common_range range_of(const std::deque<cluster_machine>& machines,
                      const kafka::topic_partition& which,
                      const broker::metadata::partition& known) {
    common_range common;
    for (const kafka::node_id node : known.replicas) {
        const auto& log = services_of(machines, node)->partitions.find(which)->log();
        common.start = std::max(common.start, log.log_start());
        common.end = std::min(common.end, log.high_watermark());
    }
    return common;
}

awaitable<std::optional<std::string>> difference(const std::deque<cluster_machine>& machines,
                                                 kafka::topic_partition which,
                                                 broker::metadata::partition known) {
    for (const kafka::node_id node : known.replicas) {
        const node_services* const here = services_of(machines, node);
        if (here == nullptr || here->partitions.find(which) == nullptr)
            co_return fmt::format("{} is not open on {}", which, node);
    }
    const common_range common = range_of(machines, which, known);
    std::vector<std::byte> first;
    for (const kafka::node_id node : known.replicas) {
        const node_services& here = *services_of(machines, node);
        std::vector<std::byte> bytes = co_await bytes_of(here, which, common);
        // Each replica compacts by itself: what they share is the newest record of each key.
        if (here.partitions.find(which)->log().config().cleanup_compact)
            bytes = newest_of_each_key(bytes);
        if (node == known.replicas.front()) first = bytes;
        if (bytes == first) continue;
        co_return fmt::format("{} from {} to {}: {} bytes on node {}, {} on the first, or others",
                              which,
                              common.start,
                              common.end,
                              bytes.size(),
                              node,
                              first.size());
    }
    co_return std::nullopt;
}

}  // namespace

std::optional<std::string> unrest(const std::deque<cluster_machine>& machines) {
    for (const cluster_machine& each : machines) {
        const auto* const here = each.services();
        if (here == nullptr) return fmt::format("node {} does not serve", each.id());
        if (here->metadata.image().position() !=
            machines.front().services()->metadata.image().position()) {
            return fmt::format("node {} knows other metadata than the first", each.id());
        }
    }
    for (const auto& [id, topic] : machines.front().services()->metadata.image().topics()) {
        for (std::size_t partition = 0; partition < topic.partitions.size(); ++partition) {
            if (auto why =
                    unrest_of(machines, at(topic.name, partition), topic.partitions[partition]))
                return why;
        }
    }
    return std::nullopt;
}

namespace {

std::string ids(const broker::metadata::nodes& some) {
    std::string text;
    for (const kafka::node_id each : some)
        text += fmt::format("{}{}", text.empty() ? "" : " ", each);
    return text;
}

std::string picture_of(const node_services& here, const broker::metadata::topic& topic) {
    std::string text;
    for (std::size_t partition = 0; partition < topic.partitions.size(); ++partition) {
        const auto& known = topic.partitions[partition];
        text += fmt::format("\n    {}: leader {} of epoch {}, in sync {}, eligible {}",
                            at(topic.name, partition),
                            known.leader,
                            known.leader_epoch,
                            ids(known.isr),
                            ids(known.eligible));
        const partition_ptr held = here.partitions.find(at(topic.name, partition));
        if (held == nullptr) continue;
        text += fmt::format("; here {}log to {}, durable to {}, committed to {}",
                            held->serving_epoch() ? "serving, " : "",
                            held->log().log_end(),
                            held->log().durable_end(),
                            held->log().high_watermark());
    }
    return text;
}

std::string picture_of(const node_services& here) {
    const auto& image = here.metadata.image();
    std::string text = fmt::format("{}metadata to {}",
                                   here.metadata.is_active() ? "active controller, " : "",
                                   image.position().offset);
    for (const auto& [id, each] : image.brokers()) {
        text += fmt::format("; broker {} of epoch {}{}{}",
                            id,
                            each.epoch,
                            each.fenced ? ", fenced" : "",
                            each.in_controlled_shutdown ? ", leaving" : "");
    }
    for (const auto& [id, topic] : image.topics()) text += picture_of(here, topic);
    return text;
}

}  // namespace

std::string picture(const std::deque<cluster_machine>& machines) {
    std::string text = unrest(machines).value_or("the brokers are at rest");
    for (const cluster_machine& each : machines) {
        const auto* const here = each.services();
        text += fmt::format("\n  node {}: ", each.id());
        if (here != nullptr)
            text += picture_of(*here);
        else
            text += each.running() ? "starts or stops" : "is down";
    }
    return text;
}

awaitable<std::vector<std::string>> differences(const std::deque<cluster_machine>& machines) {
    std::vector<std::string> wrong;
    const broker::metadata::image& first = machines.front().services()->metadata.image();
    for (const cluster_machine& each : machines) {
        if (each.services()->metadata.image() != first)
            wrong.push_back(fmt::format("the metadata of node {} differ", each.id()));
    }
    for (const auto& [id, topic] : first.topics()) {
        for (std::size_t partition = 0; partition < topic.partitions.size(); ++partition) {
            const kafka::topic_partition which = at(topic.name, partition);
            auto comparing = difference(machines, which, topic.partitions[partition]);
            if (auto why = co_await std::move(comparing)) wrong.push_back(std::move(*why));
        }
    }
    co_return wrong;
}

awaitable<std::map<kafka::topic_partition, std::vector<committed_record>>> committed_in(
    const std::deque<cluster_machine>& machines, std::string topic) {
    std::map<kafka::topic_partition, std::vector<committed_record>> all;
    const auto* const known = machines.front().services()->metadata.image().find_topic(topic);
    const std::size_t partitions = known == nullptr ? 0 : known->partitions.size();
    for (std::size_t partition = 0; partition < partitions; ++partition) {
        const kafka::topic_partition which = at(topic, partition);
        const broker::metadata::partition held = known->partitions[partition];
        const auto bytes = co_await bytes_of(
            *services_of(machines, held.replicas.front()), which, range_of(machines, which, held));
        all[which] = committed_records(bytes);
    }
    co_return all;
}

}  // namespace verdikt::tests
