/// What a cluster's metadata was asked to promise.
#pragma once

#include <chrono>
#include <cstdint>

namespace verdikt::checker::admin {

struct settings {
    /// How far a broker may be behind that is up and in contact, as all are once everything has
    /// been healed (answers marked `final`).
    std::chrono::milliseconds lag_max{20'000};
    /// Fewer acknowledged changes, or fewer answers, prove nothing.
    std::uint64_t changes_min = 1;
    std::uint64_t answers_min = 1;
};

}  // namespace verdikt::checker::admin
