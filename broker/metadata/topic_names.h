/// Which names a topic may have.
///
/// At most 249 letters, digits, `.`, `_` and `-`, neither `.` nor `..`. Kafka's metric names turn
/// `.` into `_`, so two topics that differ in nothing else collide: Kafka refuses the second one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace verdikt::broker::metadata {

inline constexpr std::string_view offsets_topic_name = "__consumer_offsets";
inline constexpr std::string_view transactions_topic_name = "__transaction_state";

/// What is wrong with the name, as a sentence; nothing if it may be used.
[[nodiscard]] std::optional<std::string> topic_name_fault(std::string_view name);

/// True if the names differ, and only in `.` against `_`.
[[nodiscard]] bool topic_names_collide(std::string_view left, std::string_view right);

/// Topics that brokers keep for themselves: clients neither create, delete nor write them.
[[nodiscard]] bool is_internal_topic(std::string_view name);

}  // namespace verdikt::broker::metadata
