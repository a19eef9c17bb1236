/// What goes wrong in a cluster: each seed draws a mix of its own (swarm testing, Groce et al.
/// 2012) and whom it aims at, with quiet spells in between in which everything is mended.
#pragma once

#include "runtime/scope.h"
#include "runtime/sim/world.h"
#include "tests/sim/cluster/cluster_machine.h"
#include "tests/sim/cluster/cluster_marks.h"
#include "tests/sim/cluster/cluster_watch.h"

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

namespace verdikt::tests {

class cluster_faults {
  public:
    /// All outlive it. `clients` are struck too.
    cluster_faults(runtime::sim::world& universe,
                   std::deque<cluster_machine>& machines,
                   std::vector<runtime::sim::node*>& clients,
                   const cluster_watch& watch,
                   cluster_marks& into);

    runtime::awaitable<void> rage(runtime::duration span);
    /// Everything but machines that are down.
    void mend();
    void restart_the_dead();
    /// Those as well that live on without one of their disks.
    void bring_everything_back();
    /// All brokers lose power at once.
    void black_out();
    /// Nothing strikes or restarts it from now on; null for nobody.
    void leave_alone(const runtime::sim::node* which) { left_alone_ = which; }
    void kill(cluster_machine& which, bool with_its_power);

  private:
    enum class kind : std::uint8_t {
        crash,
        power_loss,
        stop,
        roll,
        client_crash,
        clock_drift,
        wall_clock_jump,
        cut_one_way,
        cut,
        isolate,
        reset,
        delay,
        stragglers,
        slow_disk,
        hang,
        brief_hang,
        fail_sync,
        fail_writes,
        full_disk,
    };
    static constexpr std::size_t kinds = static_cast<std::size_t>(kind::full_disk) + 1;

    void strike();
    void apply(kind which, cluster_machine& target, runtime::sim::node& other);
    [[nodiscard]] cluster_machine& draw_target();
    [[nodiscard]] runtime::sim::node& draw_other(const runtime::sim::node& than);
    void apply_to_links(kind which, runtime::sim::node& target, runtime::sim::node& other);
    void apply_to_disk(kind which, cluster_machine& target);
    void slow(runtime::sim::disk& which);
    void hang(cluster_machine& owner, runtime::sim::disk& which);
    runtime::awaitable<void> thaw_later(runtime::sim::disk& which);
    runtime::awaitable<void> roll_all();

    runtime::sim::world& universe_;
    std::deque<cluster_machine>& machines_;
    std::vector<runtime::sim::node*>& clients_;
    const cluster_watch& watch_;
    cluster_marks& marks_;
    const runtime::sim::node* left_alone_ = nullptr;
    std::array<std::uint64_t, kinds> weights_{};
    std::array<std::uint64_t, roles> aims_{};
    bool disks_fail_ = false;
    bool is_rolling_ = false;
    runtime::duration pause_max_{};
    runtime::scope passing_;  ///< Faults that pass by themselves.
};

}  // namespace verdikt::tests
