/// Whether there was progress after the last disturbance.
#include "checker/availability/availability.h"
#include "checker/verdict/catalogue.h"
#include "checker/verdict/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace verdikt::checker::availability {

namespace {

/// How long nothing of it succeeded since everything was healed; nothing if something did.
std::optional<std::int64_t> stalled(const service& of, std::size_t moment) {
    const auto& waited = of.from_moments[moment];
    if (!waited || !waited->never || waited->length < progress_within) return std::nullopt;
    return waited->length;
}

std::string sentence(std::string_view what, std::int64_t length, std::int64_t healed_at) {
    return fmt::format(
        "everything had been healed at {:.1f} s, and from then on {} succeeded for {:.1f} s, "
        "though there were those who asked",
        static_cast<double>(healed_at) / 1e9,
        what,
        static_cast<double>(length) / 1e9);
}

void look_for_progress(const measured& what, findings& found) {
    if (what.disturbances.empty()) return;
    const auto last = std::ranges::max_element(what.disturbances, {}, &disturbance::healed);
    const auto moment = 2 * static_cast<std::size_t>(last - what.disturbances.begin()) + 1;
    const auto writes = stalled(what.writes, moment);
    const auto all = stalled(what.all, moment);
    if (!writes && !all) return;
    const std::string said =
        all ? sentence("nothing", *all, last->healed) : sentence("no write", *writes, last->healed);
    found.doubt("no-progress: " + said);
    found.add("no-progress", false, [&] {
        return anomaly{
            .how = certainty::inferred, .operations = what.unanswered_writes, .what = said};
    });
}

std::uint64_t milliseconds(std::int64_t nanoseconds) {
    return static_cast<std::uint64_t>(nanoseconds) / 1'000'000;
}

}  // namespace

judgement judge(const measured& what) {
    findings found(availability_model);
    look_for_progress(what, found);
    found.count("faults followed", what.disturbances.size());
    found.count("longest without an acknowledged write, in ms",
                what.writes.longest ? milliseconds(what.writes.longest->length()) : 0);
    return found.judge();
}

}  // namespace verdikt::checker::availability
