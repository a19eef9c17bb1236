/// Acts on the broker's process.
#pragma once

#include "nemesis/agent/acts.h"

namespace verdikt::nemesis::agent {

[[nodiscard]] std::unique_ptr<act> make_kill(host& on);
[[nodiscard]] std::unique_ptr<act> make_stop(host& on);
[[nodiscard]] std::unique_ptr<act> make_pause(host& on);
[[nodiscard]] std::unique_ptr<act> make_restart(host& on);

/// How long a broker may take to hand over and end.
inline constexpr std::chrono::seconds end_patience{25};

}  // namespace verdikt::nemesis::agent
