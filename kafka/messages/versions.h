/// Ranges of message versions, as a schema states them.
#pragma once

#include <cstdint>
#include <limits>

namespace verdikt::kafka::messages {

inline constexpr std::int16_t version_max = std::numeric_limits<std::int16_t>::max();

/// Both ends belong to it. Empty if `last` < `first`.
struct version_range {
    std::int16_t first = 0;
    std::int16_t last = -1;

    [[nodiscard]] constexpr bool contains(std::int16_t version) const {
        return first <= version && version <= last;
    }
    bool operator==(const version_range&) const = default;
};

[[nodiscard]] constexpr version_range between(std::int16_t first, std::int16_t last) {
    return {.first = first, .last = last};
}
[[nodiscard]] constexpr version_range since(std::int16_t first) {
    return between(first, version_max);
}
[[nodiscard]] constexpr version_range only(std::int16_t version) {
    return between(version, version);
}

}  // namespace verdikt::kafka::messages
