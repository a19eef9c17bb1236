/// Acts on a node's network, by the system's own tools: nft, tc, ss.
#pragma once

#include "nemesis/agent/acts.h"

namespace verdikt::nemesis::agent {

[[nodiscard]] std::unique_ptr<act> make_drop(act_id id, const drop_packets& what, host& on);
[[nodiscard]] std::unique_ptr<act> make_refuse(act_id id,
                                               const refuse_new_connections& what,
                                               host& on);
[[nodiscard]] std::unique_ptr<act> make_end_connections(const end_connections& what, host& on);
[[nodiscard]] std::unique_ptr<act> make_limit_rate(const limit_rate& what, host& on);

}  // namespace verdikt::nemesis::agent
