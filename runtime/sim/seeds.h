/// Which seeds a test runs.
///
/// VERDIKT_SEED=n runs that seed alone (a replay), VERDIKT_SEEDS=n runs n of them instead of the
/// test's own number, VERDIKT_FIRST_SEED=n starts there instead of at 1.
#pragma once

#include <cstdint>
#include <string>

namespace verdikt::runtime::sim {

struct seed_range {
    std::uint64_t first = 1;
    std::uint64_t count = 0;

    [[nodiscard]] std::uint64_t end() const { return first + count; }
};

/// Throws `std::invalid_argument` where a variable is not a number.
[[nodiscard]] seed_range seeds_from_environment(std::uint64_t count_by_default);

/// The program's command line (or test filter) without the seed, for failure reports to print after
/// `VERDIKT_SEED=n`. Empty by default.
void set_replay_command(std::string command);
[[nodiscard]] std::string replay_command(std::uint64_t seed);

}  // namespace verdikt::runtime::sim
