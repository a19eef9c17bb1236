/// Acts on a node's network, by the system's own tools: nft, tc, ss.
#pragma once

#include "nemesis/agent/acts.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::nemesis::agent {

[[nodiscard]] std::unique_ptr<act> make_drop(act_id id, const drop_packets& what, host& on);
[[nodiscard]] std::unique_ptr<act> make_refuse(act_id id,
                                               const refuse_new_connections& what,
                                               host& on);
[[nodiscard]] std::unique_ptr<act> make_end_connections(const end_connections& what, host& on);
[[nodiscard]] std::unique_ptr<act> make_limit_rate(const limit_rate& what, host& on);

/// The command that limits the rate at which a device sends.
[[nodiscard]] std::vector<std::string> rate_limit(std::string_view device, std::int64_t kilobits);

}  // namespace verdikt::nemesis::agent
