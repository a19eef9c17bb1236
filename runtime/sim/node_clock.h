/// The clocks of one node: how its monotonic and its wall time follow the world's.
///
/// Both run at the world's rate times a bounded drift; the wall clock stands at an offset besides,
/// which may jump. Monotonic time never goes back, whatever the drift.
#pragma once

#include "runtime/clock.h"

#include <cstdint>

namespace verdikt::runtime::sim {

class node_clock {
  public:
    /// The wall time at the beginning of every world: 2026-01-01T00:00:00Z.
    static constexpr wall_instant beginning{std::chrono::milliseconds(1'767'225'600'000)};
    /// Far beyond what quartz does, so that time-outs of two nodes visibly disagree.
    static constexpr std::int64_t drift_ppm_max = 200'000;

    /// Runs the clocks `ppm` millionths fast (positive) or slow. Requires: |ppm| <= drift_ppm_max.
    void set_drift(instant world_now, std::int64_t ppm);
    /// Moves the wall clock; monotonic time does not notice.
    void jump(duration by) { wall_offset_ += by; }

    [[nodiscard]] instant monotonic(instant world_now) const;
    [[nodiscard]] wall_instant wall(instant world_now) const;
    /// The first moment of world time at which `monotonic` reaches `local`.
    [[nodiscard]] instant world_time_of(instant local) const;

    /// A new incarnation's monotonic time starts at zero; the wall clock runs on.
    void restart(instant world_now);

    [[nodiscard]] duration wall_offset() const { return wall_offset_; }
    [[nodiscard]] std::int64_t drift_ppm() const { return drift_ppm_; }

  private:
    [[nodiscard]] duration elapsed(instant world_now) const;

    instant world_base_{};
    instant local_base_{};
    duration wall_base_{};
    duration wall_offset_{};
    std::int64_t drift_ppm_ = 0;
};

}  // namespace verdikt::runtime::sim
