#include "tests/sim/cluster/cluster_judge.h"

#include <fmt/format.h>

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

std::optional<std::string> unrest_of(const node_services& here,
                                     const kafka::topic_partition& which,
                                     const broker::metadata::partition& known,
                                     kafka::offset& committed) {
    const partition_ptr found = here.partitions.find(which);
    if (found == nullptr) return fmt::format("{} is not open on {}", which, here.node);
    if (known.isr.size() != known.replicas.size())
        return fmt::format("{} has {} in sync", which, known.isr.size());
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

awaitable<std::vector<std::byte>> bytes_of(const node_services& here,
                                           kafka::topic_partition which) {
    const partition_ptr found = here.partitions.find(which);
    constexpr std::uint64_t no_limit = std::numeric_limits<std::int32_t>::max();
    auto& log = found->log();
    auto read = co_await log.read_bytes(
        {.from = log.log_start(), .max_bytes = no_limit, .bound = log.high_watermark()});
    co_return read ? std::move(*read) : std::vector<std::byte>{};
}

}  // namespace

std::optional<std::string> unrest(const std::deque<cluster_machine>& machines,
                                  const std::string& topic) {
    for (const cluster_machine& each : machines) {
        const auto* const here = each.services();
        if (here == nullptr) return fmt::format("node {} does not serve", each.id());
        if (here->metadata.image().position() !=
            machines.front().services()->metadata.image().position()) {
            return fmt::format("node {} knows other metadata than the first", each.id());
        }
    }
    const auto& image = machines.front().services()->metadata.image();
    const auto* const known = image.find_topic(topic);
    if (known == nullptr) return "there is no topic";
    for (std::size_t partition = 0; partition < known->partitions.size(); ++partition) {
        kafka::offset committed = kafka::no_offset;
        for (const cluster_machine& each : machines) {
            auto why = unrest_of(
                *each.services(), at(topic, partition), known->partitions[partition], committed);
            if (why) return why;
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

std::string picture_of(const node_services& here, const std::string& topic) {
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
    const auto* const known = image.find_topic(topic);
    if (known == nullptr) return text;
    for (std::size_t partition = 0; partition < known->partitions.size(); ++partition) {
        const auto& is = known->partitions[partition];
        text += fmt::format("\n    {}: leader {} of epoch {}, in sync {}, eligible {}",
                            at(topic, partition),
                            is.leader,
                            is.leader_epoch,
                            ids(is.isr),
                            ids(is.eligible));
        const partition_ptr held = here.partitions.find(at(topic, partition));
        if (held == nullptr) continue;
        text += fmt::format("; here {}log to {}, durable to {}, committed to {}",
                            held->serving_epoch() ? "serving, " : "",
                            held->log().log_end(),
                            held->log().durable_end(),
                            held->log().high_watermark());
    }
    return text;
}

}  // namespace

std::string picture(const std::deque<cluster_machine>& machines, const std::string& topic) {
    std::string text = unrest(machines, topic).value_or("the brokers are at rest");
    for (const cluster_machine& each : machines) {
        const auto* const here = each.services();
        text += fmt::format("\n  node {}: ", each.id());
        if (here != nullptr)
            text += picture_of(*here, topic);
        else
            text += each.machine->running() ? "starts or stops" : "is down";
    }
    return text;
}

awaitable<std::vector<std::string>> differences(const std::deque<cluster_machine>& machines,
                                                std::string topic) {
    std::vector<std::string> wrong;
    const auto& first = *machines.front().services();
    const std::size_t partitions = first.metadata.image().find_topic(topic)->partitions.size();
    for (const cluster_machine& each : machines) {
        const auto& here = *each.services();
        if (here.metadata.image() != first.metadata.image())
            wrong.push_back(fmt::format("the metadata of node {} differ", each.id()));
        for (std::size_t partition = 0; partition < partitions; ++partition) {
            const kafka::topic_partition which = at(topic, partition);
            const auto mine = co_await bytes_of(here, which);
            const auto theirs = co_await bytes_of(first, which);
            if (mine != theirs) {
                wrong.push_back(
                    fmt::format("{} has {} bytes on node {}, {} on the first, or others",
                                which,
                                mine.size(),
                                each.id(),
                                theirs.size()));
            }
        }
    }
    co_return wrong;
}

}  // namespace verdikt::tests
