#include "broker/controller/assignment.h"

#include "runtime/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace verdikt::broker::controller {

using kafka::error_code;
using metadata::nodes;

namespace {

bool is_active(const metadata::image& image, kafka::node_id which) {
    const metadata::broker_registration* broker = image.find_broker(which);
    return broker != nullptr && broker->is_active();
}

fault bad_assignment(std::string message) {
    return {.code = error_code::invalid_replica_assignment, .message = std::move(message)};
}

}  // namespace

std::optional<fault> replicas_fault(const metadata::image& image, const nodes& replicas) {
    if (replicas.empty()) return bad_assignment("a partition has no replicas");
    const std::set<kafka::node_id> distinct(replicas.begin(), replicas.end());
    if (distinct.size() != replicas.size()) return bad_assignment("a broker is named twice");
    for (const kafka::node_id which : replicas) {
        if (image.find_broker(which) == nullptr)
            return bad_assignment(fmt::format("broker {} is not registered", which));
    }
    return std::nullopt;
}

std::expected<assignment, fault> placed(const metadata::image& image,
                                        std::int32_t partitions,
                                        std::int32_t replicas,
                                        runtime::random_source& chance) {
    auto from = candidates_of(image);
    const auto active =
        std::ranges::count_if(from, [](const auto& candidate) { return candidate.is_active; });
    if (replicas < 1 || static_cast<std::size_t>(replicas) > from.size() || active == 0) {
        return std::unexpected(
            fault{.code = error_code::invalid_replication_factor,
                  .message = fmt::format("{} replicas asked for; {} brokers, {} of them active",
                                         replicas,
                                         from.size(),
                                         active)});
    }
    return place(std::move(from),
                 {.partitions = static_cast<std::size_t>(partitions),
                  .replicas = static_cast<std::size_t>(replicas)},
                 chance);
}

std::optional<fault> assignment_fault(const metadata::image& image, const assignment& of) {
    for (const nodes& replicas : of) {
        if (auto wrong = replicas_fault(image, replicas)) return wrong;
        if (replicas.size() != of.front().size())
            return bad_assignment("not all partitions have the same number of replicas");
        if (std::ranges::none_of(replicas,
                                 [&](kafka::node_id which) { return is_active(image, which); }))
            return bad_assignment("a partition would have no active replica");
    }
    return std::nullopt;
}

metadata::partition new_partition(const metadata::image& image, const nodes& replicas) {
    metadata::partition result{.replicas = replicas};
    for (const kafka::node_id which : replicas) {
        result.directories.push_back(directory_for_new_replica(image, which));
        if (is_active(image, which)) result.isr.push_back(which);
    }
    CHECK(!result.isr.empty());
    result.leader = result.isr.front();
    return result;
}

kafka::uuid directory_for_new_replica(const metadata::image& image, kafka::node_id broker) {
    const metadata::broker_registration* found = image.find_broker(broker);
    if (found == nullptr || found->log_dirs.size() != 1) return metadata::unassigned_directory;
    return found->log_dirs.front();
}

}  // namespace verdikt::broker::controller
