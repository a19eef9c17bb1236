/// Of which topics logs are compacted.
#pragma once

#include "runtime/awaitable.h"
#include "runtime/environment.h"

#include <expected>
#include <set>
#include <string>

namespace verdikt::trial {

/// Asks the cluster; coordinators' own topics are among them. `servers`: host:port,host:port. The
/// reason if nobody could be asked.
[[nodiscard]] runtime::awaitable<std::expected<std::set<std::string>, std::string>>
compacted_topics(runtime::environment& world, std::string servers);

}  // namespace verdikt::trial
