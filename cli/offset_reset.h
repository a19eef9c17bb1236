/// Where `consumer-groups --reset-offsets` moves a group to: its scenario and the partitions it
/// names.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace verdikt::cli {

struct to_earliest {};
struct to_latest {};
struct to_current {};
struct to_offset {
    std::int64_t offset;
};
struct shift_by {
    std::int64_t count;
};
/// The first record at or after this moment, in milliseconds since the epoch.
struct to_time {
    std::int64_t timestamp_ms;
};

using reset_scenario =
    std::variant<to_earliest, to_latest, to_current, to_offset, shift_by, to_time>;

/// What is known of one partition when its new offset is decided.
struct partition_positions {
    std::int64_t earliest = 0;
    std::int64_t latest = 0;
    std::optional<std::int64_t> committed;
    std::optional<std::int64_t> at_time;  ///< For `to_time`; none if no record is that young.
};

/// The offset to commit, brought into [earliest, latest] as Kafka's tool does. Nothing where the
/// scenario asks for a committed offset and the group has none (`shift_by`).
[[nodiscard]] std::optional<std::int64_t> reset_target(const reset_scenario& scenario,
                                                       const partition_positions& known);

/// One `--topic` item: `name` for all partitions, `name:0,2` for some.
struct topic_selection {
    std::string topic;
    std::vector<std::int32_t> partitions;  ///< Empty: all.

    bool operator==(const topic_selection&) const = default;
};

[[nodiscard]] std::expected<topic_selection, std::string> parse_topic_selection(
    std::string_view text);

/// `2026-11-21T08:30:00.000`, optionally with `Z` or an offset such as `+02:00`; without one, UTC.
/// Milliseconds since the epoch.
[[nodiscard]] std::expected<std::int64_t, std::string> parse_date_time(std::string_view text);

/// ISO 8601: `P7D`, `PT1H30M`, `P1DT2H`. Milliseconds.
[[nodiscard]] std::expected<std::int64_t, std::string> parse_iso_duration(std::string_view text);

}  // namespace verdikt::cli
