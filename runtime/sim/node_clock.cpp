#include "runtime/sim/node_clock.h"

#include "runtime/check.h"

#include <cstdlib>

namespace verdikt::runtime::sim {

namespace {

constexpr std::int64_t million = 1'000'000;

// In 128 bits, because a month in nanoseconds times a million does not fit 64.
duration scale(duration span, std::int64_t numerator, std::int64_t denominator) {
    const auto product = static_cast<__int128>(span.count()) * numerator;
    return duration(static_cast<std::int64_t>(product / denominator));
}

}  // namespace

duration node_clock::elapsed(instant world_now) const {
    const duration span = world_now - world_base_;
    return drift_ppm_ == 0 ? span : scale(span, million + drift_ppm_, million);
}

void node_clock::set_drift(instant world_now, std::int64_t ppm) {
    CHECK(std::abs(ppm) <= drift_ppm_max);
    const duration passed = elapsed(world_now);
    local_base_ += passed;
    wall_base_ += passed;
    world_base_ = world_now;
    drift_ppm_ = ppm;
}

void node_clock::restart(instant world_now) {
    set_drift(world_now, drift_ppm_);
    local_base_ = instant{};
}

instant node_clock::monotonic(instant world_now) const {
    return local_base_ + elapsed(world_now);
}

wall_instant node_clock::wall(instant world_now) const {
    const duration since = wall_base_ + elapsed(world_now) + wall_offset_;
    return beginning + std::chrono::floor<std::chrono::milliseconds>(since);
}

instant node_clock::world_time_of(instant local) const {
    // A deadline like instant::max() stands for "never"; keep clear of overflow.
    constexpr duration far = std::chrono::hours(24 * 365 * 100);
    const duration span = local - local_base_ < far ? local - local_base_ : far;
    if (drift_ppm_ == 0 || span <= duration::zero()) return world_base_ + span;
    const instant guess = world_base_ + scale(span, million, million + drift_ppm_);
    return monotonic(guess) < local ? guess + duration(1) : guess;
}

}  // namespace verdikt::runtime::sim
