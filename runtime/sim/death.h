/// How a simulated process comes to its end.
#pragma once

namespace verdikt::runtime::sim {

enum class death {
    exit,        ///< The program ended.
    crash,       ///< Killed; the kernel stays up and resets its connections.
    power_loss,  ///< The kernel is gone too.
};

}  // namespace verdikt::runtime::sim
