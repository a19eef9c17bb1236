/// When what breaks: a schedule, drawn from a seed, kept as data.
///
/// Pure. A schedule is stored beside the run's results as JSON; read back, edited or shortened, it
/// runs again. It holds intentions: whom `leader` means is asked of the cluster when the step
/// begins, and each step carries the seed from which it draws what is left open then (which of
/// several replicas, which half), so that removing one step does not change the others.
#pragma once

#include "nemesis/fault.h"

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace verdikt::nemesis {

struct step {
    std::chrono::milliseconds at{};     ///< After the schedule begins.
    std::chrono::milliseconds lasts{};  ///< Then it is undone. 0 for what is over at once.
    fault what;
    std::uint64_t seed = 0;

    bool operator==(const step&) const = default;
};

struct schedule {
    std::uint64_t seed = 0;   ///< What it was drawn from.
    std::vector<step> steps;  ///< By time.

    bool operator==(const schedule&) const = default;

    /// When the last step has been undone.
    [[nodiscard]] std::chrono::milliseconds end() const;
};

struct draw_options {
    std::vector<fault_kind> faults;              ///< What may be drawn; at least one.
    std::chrono::milliseconds span{};            ///< All steps are undone by then.
    std::chrono::milliseconds pause_mean{3000};  ///< Between the end of a step and the next.
    std::chrono::milliseconds fault_mean{4000};  ///< How long a fault lasts.
    /// Chance that a step begins before the one before it has ended (another family only).
    double overlap = 0.2;
    std::int32_t nodes = 3;
    /// For the roles of a partition and of coordinators; where one is empty, its roles are left
    /// out.
    std::vector<kafka::topic_partition> partitions = {};
    std::vector<std::string> groups = {};
    std::vector<std::string> transactional_ids = {};
};

/// Every kind comes before any kind comes twice, as far as the span reaches, so that short runs see
/// many kinds. Requires: options.faults is not empty.
[[nodiscard]] schedule draw_schedule(const draw_options& options, std::uint64_t seed);

[[nodiscard]] std::string to_json(const schedule& which);
/// The reason names the step and the field at fault.
[[nodiscard]] std::expected<schedule, std::string> schedule_from_json(std::string_view text);

}  // namespace verdikt::nemesis
