/// What members of a consumer group tell each other through the coordinator, which does not read
/// it.
///
/// Both blobs are a version (int16) and a message of that version (KIP-429, KIP-792). Versions
/// newer than ours are read as ours: fields are only ever added.
#pragma once

#include "client/record.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::client {

inline constexpr std::string_view consumer_protocol_type = "consumer";

struct subscription {
    std::set<std::string> topics;
    std::set<topic_partition> owned = {};
    std::int32_t generation = -1;  ///< In which `owned` was assigned; -1: unknown.

    bool operator==(const subscription&) const = default;
};

[[nodiscard]] std::vector<std::byte> write_subscription(const subscription& what);
/// Nothing if the bytes are no subscription.
[[nodiscard]] std::optional<subscription> read_subscription(std::span<const std::byte> bytes);

[[nodiscard]] std::vector<std::byte> write_assignment(const std::set<topic_partition>& what);
/// Nothing if the bytes are no assignment. No bytes at all are an empty one.
[[nodiscard]] std::optional<std::set<topic_partition>> read_assignment(
    std::span<const std::byte> bytes);

}  // namespace verdikt::client
