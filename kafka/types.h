/// The numbers and names of a Kafka log, each of its own type.
///
/// Messages (kafka/messages) carry the wire's plain integers; whoever takes one off the wire puts
/// it into the type it means, and from there on it cannot be mixed up.
#pragma once

#include "runtime/named.h"

#include <fmt/format.h>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace verdikt::kafka {

/// Position of a record in a partition. -1 where the protocol says "none".
using offset = runtime::named<struct offset_tag, std::int64_t>;
/// Counts the leaders of a partition. -1 where unknown.
using leader_epoch = runtime::named<struct leader_epoch_tag, std::int32_t>;
/// Milliseconds since the Unix epoch, as records carry them. -1 where a record has none.
using timestamp = runtime::named<struct timestamp_tag, std::int64_t>;
/// -1 for a producer that is not idempotent.
using producer_id = runtime::named<struct producer_id_tag, std::int64_t>;
using producer_epoch = runtime::named<struct producer_epoch_tag, std::int16_t>;
using partition_index = runtime::named<struct partition_index_tag, std::int32_t>;
using node_id = runtime::named<struct node_id_tag, std::int32_t>;
/// Tells the processes of one broker apart: the metadata offset of its registration (KIP-631). -1
/// where unknown.
using broker_epoch = runtime::named<struct broker_epoch_tag, std::int64_t>;
/// Counts the changes of a partition's metadata. -1 where unknown.
using partition_epoch = runtime::named<struct partition_epoch_tag, std::int32_t>;

inline constexpr offset no_offset{-1};
inline constexpr node_id no_node{-1};
inline constexpr broker_epoch no_broker_epoch{-1};
inline constexpr leader_epoch no_leader_epoch{-1};
inline constexpr timestamp no_timestamp{-1};
inline constexpr producer_id no_producer_id{-1};
inline constexpr producer_epoch no_producer_epoch{-1};

/// Numbers a producer's records within a partition. Wraps from the largest int32 to 0 (KIP-98).
class sequence {
  public:
    constexpr sequence() = default;
    constexpr explicit sequence(std::int32_t value) : value_(value) {}

    [[nodiscard]] constexpr std::int32_t value() const { return value_; }
    /// The sequence `count` records later. Requires: 0 <= count, 0 <= value().
    [[nodiscard]] constexpr sequence plus(std::int32_t count) const {
        return sequence(static_cast<std::int32_t>((static_cast<std::int64_t>(value_) + count) %
                                                  (std::int64_t{INT32_MAX} + 1)));
    }
    [[nodiscard]] constexpr sequence next() const { return plus(1); }

    constexpr bool operator==(const sequence&) const = default;

  private:
    std::int32_t value_ = -1;
};

/// RFC 4122, in wire order. All zero where the protocol says "none".
struct uuid {
    std::array<std::byte, 16> bytes{};

    [[nodiscard]] bool is_zero() const { return *this == uuid{}; }
    auto operator<=>(const uuid&) const = default;
};

/// As Kafka's tools print it: URL-safe base64 of the 16 bytes, 22 letters, without padding.
[[nodiscard]] std::string to_text(const uuid& id);
/// Nothing if the text is none that `to_text` gives.
[[nodiscard]] std::optional<uuid> uuid_from_text(std::string_view text);

/// The topic of the metadata log, whose one partition the controller quorum replicates.
inline constexpr std::string_view metadata_log_topic = "__cluster_metadata";

struct topic_partition {
    std::string topic;
    partition_index partition;

    auto operator<=>(const topic_partition&) const = default;
};

/// As Kafka names a partition's folder: `orders-3`.
[[nodiscard]] std::string to_text(const topic_partition& which);

}  // namespace verdikt::kafka

template <>
struct fmt::formatter<verdikt::kafka::topic_partition> : fmt::formatter<std::string_view> {
    auto format(const verdikt::kafka::topic_partition& which, fmt::format_context& context) const {
        return fmt::formatter<std::string_view>::format(verdikt::kafka::to_text(which), context);
    }
};

template <>
struct fmt::formatter<verdikt::kafka::uuid> : fmt::formatter<std::string_view> {
    auto format(const verdikt::kafka::uuid& id, fmt::format_context& context) const {
        return fmt::formatter<std::string_view>::format(verdikt::kafka::to_text(id), context);
    }
};
