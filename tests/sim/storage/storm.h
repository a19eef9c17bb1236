/// A storm over one log directory: load, faults, power cuts and restarts, all drawn from one seed.
///
/// Writers append to a few partitions and note what was acknowledged as committed. The driver lets
/// the process live a random while, breaks the disk, and ends the life by a power cut, a kill or a
/// clean shutdown; then heals the disk and starts it again. After each start the files must hold
/// every acknowledged batch unchanged, and what recovery built must equal what the naive reading of
/// the files says (naive_log.h).
#pragma once

#include <cstdint>
#include <string>

namespace verdikt::broker::storage {

struct storm_options {
    /// Off: the page cache counts as committed, and power cuts must show.
    bool durable = true;
    int lives = 5;
};

struct storm_report {
    std::uint64_t seed = 0;
    /// What was found wrong first; empty if nothing was.
    std::string violation;
    /// The world's account of what happened just before.
    std::string last_effects;
    std::uint64_t trace_hash = 0;

    // Evidence that load and faults bit.
    std::uint64_t acknowledged = 0;
    std::uint64_t failed_appends = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t power_cuts = 0;
    std::uint64_t kills = 0;
    std::uint64_t times_offline = 0;
    std::uint64_t sectors_lost = 0;
    std::uint64_t files_torn = 0;
    std::uint64_t io_errors = 0;
    std::uint64_t refused_for_space = 0;
    std::uint64_t batches_recovered = 0;
};

[[nodiscard]] storm_report run_storm(std::uint64_t seed, storm_options options);

}  // namespace verdikt::broker::storage
