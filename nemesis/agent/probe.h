/// What can be done on a host: everything is tried, nothing assumed.
#pragma once

#include "nemesis/agent/protocol.h"

namespace verdikt::nemesis::agent {

/// What this host cannot do, and why. Requires: it has a network of its own, in which nothing goes
/// on yet.
[[nodiscard]] lacking probe_host();

}  // namespace verdikt::nemesis::agent
