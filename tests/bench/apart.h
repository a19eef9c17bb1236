/// Work that is done in a process of its own, so that what it costs is its own.
#pragma once

#include <cstdint>
#include <functional>

namespace verdikt::bench {

struct done_apart {
    std::uint64_t result = 0;
    /// Processor time that does not count.
    double free_seconds = 0;
};

struct cost {
    std::uint64_t result = 0;
    double seconds = 0;            ///< Of processor time.
    std::uint64_t peak_bytes = 0;  ///< Beyond what the process began with.
};

/// Throws std::runtime_error if the process dies over it.
[[nodiscard]] cost cost_apart(const std::function<done_apart()>& work);

}  // namespace verdikt::bench
