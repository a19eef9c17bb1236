/// Acts on the disk of a node: a tmpfs of its own, whose size the agent changes.
#pragma once

#include "nemesis/agent/acts.h"

namespace verdikt::nemesis::agent {

/// Makes the disk on which the broker's data will lie. Requires: the agent has mounts of its own.
[[nodiscard]] std::expected<void, std::string> mount_disk(const host_setup& setup);

[[nodiscard]] std::unique_ptr<act> make_fill_disk(host& on);

}  // namespace verdikt::nemesis::agent
