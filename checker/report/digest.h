/// What a report keeps of a history: rates and durations over time, what was available, the
/// operations that prove something, and what was seen of the offsets around.
///
/// Made in one pass. What it keeps grows with the number of anomalies that are shown, of faults,
/// and of processes that act at one time, not with the history.
#pragma once

#include "checker/availability/availability.h"
#include "checker/history/reader.h"
#include "checker/report/rates.h"
#include "checker/report/run.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace verdikt::checker::report {

/// How far from an anomaly's offset records are still shown.
inline constexpr std::int64_t offsets_around = 6;

/// Whether the offsets lie that near; any two may be compared, hostile ones too.
[[nodiscard]] constexpr bool is_near(std::int64_t one, std::int64_t other) {
    const auto low = static_cast<std::uint64_t>(std::min(one, other));
    const auto high = static_cast<std::uint64_t>(std::max(one, other));
    return high - low <= static_cast<std::uint64_t>(offsets_around);
}

/// A part of an operation's value in words; `marked` is what the anomaly is about.
struct piece {
    std::string text;
    bool marked = false;
};

struct shown_operation {
    std::int64_t index = 0;
    std::int64_t process = 0;
    std::string f;
    history::op_type type = history::op_type::info;
    std::int64_t begun_at = -1;  ///< -1: the history does not tell.
    std::int64_t ended_at = -1;  ///< -1: never.
    /// A line a micro-operation, without what lies far from the anomaly.
    std::vector<std::vector<piece>> lines;
    std::string error;
};

/// Somebody sent or polled a record near an anomaly.
struct sighting {
    std::int64_t offset = 0;
    std::int64_t process = 0;
    bool sent = false;
    history::op_type type = history::op_type::ok;
    std::string value;

    friend auto operator<=>(const sighting&, const sighting&) = default;
};

/// The offsets around an anomaly.
struct offset_window {
    static constexpr std::size_t sightings_max = 4000;
    log_place around;
    std::set<sighting> seen;
};

struct digest {
    rates all;
    availability::measured available;
    std::map<std::int64_t, shown_operation> operations;  ///< By index.
    std::vector<offset_window> windows;
    std::int64_t length = 0;  ///< The last time in it.
    std::uint64_t lines = 0;
    std::uint64_t never_ended = 0;
    bool cut_short = false;
    std::optional<history::malformed> malformed;
};

[[nodiscard]] digest make_digest(const run& what, history::byte_source& history);

}  // namespace verdikt::checker::report
