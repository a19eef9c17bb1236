/// What goes wrong in a cluster: each seed draws a mix of its own (swarm testing, Groce et al.
/// 2012), with quiet spells in between in which everything is mended.
#pragma once

#include "runtime/sim/world.h"
#include "tests/sim/cluster/cluster_machine.h"
#include "tests/sim/cluster/cluster_marks.h"

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace verdikt::tests {

class cluster_faults {
  public:
    /// All outlive it. `clients` are struck too.
    cluster_faults(runtime::sim::world& universe,
                   std::deque<cluster_machine>& machines,
                   std::vector<runtime::sim::node*>& clients,
                   const cluster_watch& watch,
                   std::string topic);

    runtime::awaitable<void> rage(runtime::duration span);
    /// Everything but machines that are down.
    void mend();
    void restart_the_dead();
    /// All brokers lose power at once.
    void black_out();
    /// Nothing strikes or restarts it from now on; null for nobody.
    void leave_alone(const runtime::sim::node* which) { left_alone_ = which; }

  private:
    static constexpr std::size_t kinds = 17;

    void strike();
    void apply(std::size_t kind, cluster_machine& target, runtime::sim::node& other);
    [[nodiscard]] cluster_machine& draw_target();
    [[nodiscard]] runtime::sim::node& draw_other(const runtime::sim::node& than);
    void apply_to_links(std::size_t kind, runtime::sim::node& target, runtime::sim::node& other);
    void apply_to_disk(std::size_t kind, runtime::sim::disk& which);
    void slow_disk(runtime::sim::disk& which);

    runtime::sim::world& universe_;
    std::deque<cluster_machine>& machines_;
    std::vector<runtime::sim::node*>& clients_;
    const cluster_watch& watch_;
    std::string topic_;
    const runtime::sim::node* left_alone_ = nullptr;
    std::array<std::uint64_t, kinds> weights_{};
    bool disks_fail_ = false;
    runtime::duration pause_max_{};
};

}  // namespace verdikt::tests
