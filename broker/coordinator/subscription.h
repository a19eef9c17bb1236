/// The one thing a coordinator reads from what consumers tell each other: their topics.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace verdikt::broker::coordinator {

/// The protocol type of consumers, as against that of Connect workers and others.
inline constexpr const char* consumer_protocol_type = "consumer";

/// The topics of a consumer's subscription, sorted; what else it tells (user data, owned
/// partitions, generation) changes from join to join even where the topics do not. Nothing if the
/// bytes do not parse.
[[nodiscard]] std::optional<std::vector<std::string>> subscribed_topics(
    std::span<const std::byte> metadata);

}  // namespace verdikt::broker::coordinator
