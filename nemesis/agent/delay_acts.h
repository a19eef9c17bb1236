/// Acts that hold packets back: by netem where the kernel has it, else by a queue (packet_queue.h).
#pragma once

#include "nemesis/agent/acts.h"

namespace verdikt::nemesis::agent {

/// What speaks against it on this host; nothing if it works one way or the other.
[[nodiscard]] std::optional<std::string> try_delay();

/// netem delays what the host sends, the queue what it receives; a round trip takes the same either
/// way.
[[nodiscard]] std::unique_ptr<act> make_delay(const delay_packets& what, host& on);

}  // namespace verdikt::nemesis::agent
