/// The world that a program runs in: time, waiting, network, files, chance, log.
///
/// Broker, client and workload code reaches the outside through one of these alone, so the same
/// code runs in the real world (`runtime/real`) and in the simulated one (`runtime/sim`), where
/// everything follows from a seed. An environment belongs to one node and one executor and is used
/// from its thread only. In the simulation a crashed node's environment is dead: whatever is still
/// called on it has no effect, and whatever waits on it is cancelled.
#pragma once

#include "runtime/awaitable.h"
#include "runtime/clock.h"
#include "runtime/files.h"
#include "runtime/log.h"
#include "runtime/network.h"
#include "runtime/random.h"

#include <functional>
#include <memory>

namespace verdikt::runtime {

/// Rings once, unless it dies first. Dies before its environment.
class alarm {
  public:
    virtual ~alarm() = default;
};

class environment {
  public:
    virtual ~environment() = default;

    [[nodiscard]] virtual executor get_executor() = 0;

    /// Monotonic time of this node: never goes back, stands for deadlines and durations.
    [[nodiscard]] virtual instant now() const = 0;
    /// What this node believes the date to be. It may jump either way.
    [[nodiscard]] virtual wall_instant wall_time() const = 0;

    /// Returns once `now() >= until`. Throws `operation_aborted` when cancelled.
    virtual awaitable<void> sleep_until(instant until) = 0;
    awaitable<void> sleep_for(duration span) { return sleep_until(now() + span); }

    /// Calls `ring` from the executor once `now() >= at`. For `with_deadline`, which disarms far
    /// more alarms than ring: to cancel a sleeping coroutine unwinds it by an exception, and costs
    /// ten times as much.
    [[nodiscard]] virtual std::unique_ptr<alarm> set_alarm(instant at,
                                                           std::function<void()> ring) = 0;

    [[nodiscard]] virtual network& net() = 0;
    [[nodiscard]] virtual file_system& files() = 0;
    [[nodiscard]] virtual random_source& random() = 0;
    [[nodiscard]] virtual log_sink& log() = 0;
};

}  // namespace verdikt::runtime
