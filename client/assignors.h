/// How the leader of a group divides partitions among its members.
///
/// Pure, and equal on every member: the outcome depends on nothing but the arguments. Range and
/// round-robin give what Java's assignors of that name give. Cooperative-sticky keeps what members
/// own, evens out the rest, and hands nobody a partition that another still owns (KIP-429): that
/// one is left out until its owner has given it up, which it does by joining once more.
#pragma once

#include "client/group_protocol.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::client {

struct assigned_member {
    std::string id;
    std::optional<std::string> instance_id;
    subscription wants;
};

/// By member id. Every member has an entry, empty or not.
using group_assignment = std::map<std::string, std::set<topic_partition>>;
/// Partitions of each topic; topics that do not exist are absent.
using partition_counts = std::map<std::string, std::int32_t>;

[[nodiscard]] bool is_assignor(std::string_view name);
/// Whether members may keep their partitions while they join anew.
[[nodiscard]] bool is_cooperative(std::string_view assignor);

/// Requires: is_assignor(name).
[[nodiscard]] group_assignment assign(std::string_view name,
                                      std::vector<assigned_member> members,
                                      const partition_counts& counts);

}  // namespace verdikt::client
