/// Faults drawn from a seed: each run gets a mixture of its own, some kinds often, some never, so
/// that together the seeds reach combinations that no one list of faults would (swarm testing,
/// Groce et al. 2012).
#pragma once

#include "runtime/sim/world.h"

#include <array>
#include <cstdint>
#include <vector>

namespace verdikt::tests {

class fault_mix {
  public:
    /// Faults strike the nodes given. Requires: the world and the nodes outlive it.
    fault_mix(runtime::sim::world& universe, std::vector<runtime::sim::node*> nodes);

    /// Breaks and heals things until `until`, then heals everything and restarts what is down.
    runtime::awaitable<void> strike(runtime::instant until);

  private:
    static constexpr std::size_t kinds = 10;

    void draw_and_apply();
    void apply(std::size_t kind, runtime::sim::node& target, runtime::sim::node& other);
    void heal_everything();
    void restart_the_dead();

    runtime::sim::world& universe_;
    std::vector<runtime::sim::node*> nodes_;
    std::array<std::uint64_t, kinds> weights_{};
    std::uint64_t weight_total_ = 0;
};

}  // namespace verdikt::tests
