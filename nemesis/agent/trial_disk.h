/// A disk in memory, for as long as it takes to try something on it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace verdikt::nemesis::agent {

/// Mounts it (`bytes` large), has `attempt` try in its folder, and unmounts it. Why that cannot be,
/// or what `attempt` found; nothing if all went well.
[[nodiscard]] std::optional<std::string> try_on_disk(
    std::int64_t bytes,
    const std::function<std::optional<std::string>(const std::string&)>& attempt);

}  // namespace verdikt::nemesis::agent
