/// Which names a topic may have.
///
/// The rules are those of the metadata log; here is what the broker adds for its own topics.
#pragma once

#include "broker/metadata/topic_names.h"

#include <optional>
#include <string>
#include <string_view>

namespace verdikt::broker::server {

using metadata::is_internal_topic;
using metadata::offsets_topic_name;
using metadata::topic_name_fault;
using metadata::topic_names_collide;

/// Kafka's warning for a name that could collide with another; nothing if it cannot.
[[nodiscard]] std::optional<std::string> topic_name_warning(std::string_view name);

}  // namespace verdikt::broker::server
