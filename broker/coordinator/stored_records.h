/// The records of `__consumer_offsets`: what they say, and how it is written.
///
/// Written as Kafka writes them: offsets as value version 3, or 1 where they expire at a time of
/// their own; groups as version 3. Read in every version.
#pragma once

#include "broker/coordinator/committed_offsets.h"
#include "broker/coordinator/coordinator_log.h"
#include "broker/coordinator/group_types.h"
#include "kafka/types.h"

#include <optional>
#include <span>
#include <string>
#include <variant>

namespace verdikt::broker::coordinator {

[[nodiscard]] log_record offset_record(const std::string& group,
                                       const kafka::topic_partition& where,
                                       const committed_offset& value);
[[nodiscard]] log_record offset_tombstone(const std::string& group,
                                          const kafka::topic_partition& where);
[[nodiscard]] log_record group_record(const std::string& group,
                                      const stored_group& state,
                                      kafka::timestamp now);
[[nodiscard]] log_record group_tombstone(const std::string& group);

struct read_offset {
    std::string group;
    kafka::topic_partition where;
    std::optional<committed_offset> value;  ///< Nothing for a tombstone.
};

struct read_group {
    std::string group;
    std::optional<stored_group> state;  ///< Nothing for a tombstone.
    kafka::timestamp since;             ///< Of that state.
};

/// A key of a kind or version that we do not know, or bytes that do not parse.
struct unreadable {};

[[nodiscard]] std::variant<read_offset, read_group, unreadable> read_record(
    std::span<const std::byte> key, std::optional<std::span<const std::byte>> value);

}  // namespace verdikt::broker::coordinator
