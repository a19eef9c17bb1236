/// Java's hash functions, where Kafka's clients and brokers must agree on them across languages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace verdikt::kafka::records {

/// MurmurHash2 as the Java producer computes it.
[[nodiscard]] std::int32_t murmur2(std::span<const std::byte> bytes);

/// The partition of a keyed record: what the Java producer's default partitioner picks.
/// Requires: partitions > 0.
[[nodiscard]] std::int32_t partition_for_key(std::span<const std::byte> key,
                                             std::int32_t partitions);

/// `String.hashCode()`: over UTF-16 code units. Bytes that are not UTF-8 count as U+FFFD, as Java
/// decodes them.
[[nodiscard]] std::int32_t java_string_hash(std::string_view utf8);

/// The partition of `__consumer_offsets` or `__transaction_state` that a group or transactional id
/// lives on. Requires: partitions > 0.
[[nodiscard]] std::int32_t coordinator_partition(std::string_view id, std::int32_t partitions);

}  // namespace verdikt::kafka::records
