/// Whether anybody listens where a node should be.
///
/// The kernel of a machine whose process has ended refuses connections at once, long before silence
/// would tell. A listener proves less: that of a process which hangs takes connections, too.
#pragma once

#include "runtime/awaitable.h"
#include "runtime/clock.h"
#include "runtime/environment.h"

namespace verdikt::broker::link {

enum class presence {
    listening,
    refused,  ///< The process has ended, or has just been started and has not come far.
    unknown,  ///< No answer, or no way there.
};

/// Tries to connect, for `patience` at most.
[[nodiscard]] runtime::awaitable<presence> look_for_listener(runtime::environment& world,
                                                             runtime::endpoint at,
                                                             runtime::duration patience);

}  // namespace verdikt::broker::link
