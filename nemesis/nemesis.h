/// Carries a schedule out: asks who holds a role, breaks, waits, heals, tells of everything.
///
/// Holds no decision of its own: schedule, selectors and placements decide. A step whose role
/// nobody holds, or whose act a node refuses, is reported and passed over; the run goes on and its
/// judge hears of it.
#pragma once

#include "nemesis/lab.h"
#include "nemesis/schedule.h"
#include "runtime/environment.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace verdikt::nemesis {

/// Asks the cluster who holds which role. It may be half broken: what is not answered in time is
/// missing in the view, or as it was last known.
class role_source {
  public:
    virtual ~role_source() = default;
    virtual runtime::awaitable<cluster_view> look(selector wanted) = 0;
};

enum class step_phase {
    began,    ///< Applied on every target.
    healed,   ///< Undone, with what it did.
    skipped,  ///< Nobody held the role, or nobody answered who does.
    failed,   ///< A host did not do as it was told.
};

/// For the history and the report.
struct step_event {
    std::size_t index = 0;  ///< Of the step in the schedule.
    step_phase phase{};
    fault what;
    std::vector<std::int32_t> targets;  ///< Whom the selector meant.
    runtime::instant from{};            ///< The acts are not atomic: they took from here
    runtime::instant to{};              ///< to here.
    std::vector<std::pair<std::int32_t, evidence>> hosts;  ///< By host.
    std::string detail;                                    ///< Why it was skipped or failed.

    /// Whether it did something on at least one host.
    [[nodiscard]] bool bit() const;
};

[[nodiscard]] std::string_view to_text(step_phase phase);

using step_listener = std::function<void(const step_event&)>;

/// The faults of the schedule that the lab refuses, with its reasons: none may be left when
/// `run_schedule` is called.
[[nodiscard]] std::map<fault_kind, std::string> refusals(const schedule& which, const lab& where);

/// Runs from now to the schedule's end, when every fault has been undone. If it is cancelled,
/// faults may be left: `heal_all` or `stop` the lab then. Requires: the lab was started and refuses
/// none of the faults.
runtime::awaitable<void> run_schedule(
    runtime::environment& world, schedule what, lab& where, role_source& roles, step_listener tell);

}  // namespace verdikt::nemesis
