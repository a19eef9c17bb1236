/// Ports on the loopback interface that nobody listens on.
#pragma once

#include "runtime/environment.h"

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace verdikt::nemesis::labs {

/// Each another one.
runtime::awaitable<std::expected<std::vector<std::uint16_t>, std::string>> free_ports(
    runtime::environment& world, std::size_t count);

}  // namespace verdikt::nemesis::labs
