/// Which names a topic may have.
///
/// The rules are those of the metadata log; here is what the broker adds for its own topics.
#pragma once

#include "broker/metadata/topic_names.h"

#include <optional>
#include <string>
#include <string_view>

namespace verdikt::broker::server {

inline constexpr std::string_view offsets_topic_name = "__consumer_offsets";

using metadata::topic_name_fault;
using metadata::topic_names_collide;

/// Kafka's warning for a name that could collide with another; nothing if it cannot.
[[nodiscard]] std::optional<std::string> topic_name_warning(std::string_view name);

/// Topics that the broker keeps for itself: clients neither create, delete nor write them.
[[nodiscard]] bool is_internal_topic(std::string_view name);

}  // namespace verdikt::broker::server
