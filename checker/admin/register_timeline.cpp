#include "checker/admin/register_timeline.h"

#include <algorithm>
#include <span>

namespace verdikt::checker::admin {

void register_timeline::find_proofs(const std::vector<const answer*>& shown,
                                    const std::vector<std::uint32_t>& writers) {
    acknowledged_.resize(of_.writes.size());
    proven_.resize(of_.writes.size());
    std::int64_t acknowledged = never;
    std::int64_t proven = never;
    for (std::size_t at = of_.writes.size(); at-- > 0;) {
        const write& one = of_.writes[at];
        acknowledged = std::min(acknowledged, one.acknowledged());
        proven = std::min(proven, acknowledged);
        const answer* const by = writers[one.claim] == 1 ? shown[one.claim] : nullptr;
        if (by != nullptr) proven = std::min(proven, by->ended);
        acknowledged_[at] = acknowledged;
        proven_[at] = proven;
    }
}

const write* register_timeline::last_acknowledged() const {
    const auto last =
        std::ranges::find_if(of_.writes.rbegin(), of_.writes.rend(), [](const write& one) {
            return one.begun >= 0 && one.acknowledged() != never;
        });
    return last == of_.writes.rend() ? nullptr : &*last;
}

const write* register_timeline::last_before(const std::vector<std::int64_t>& soonest,
                                            std::int64_t line) const {
    const auto behind = std::ranges::lower_bound(soonest, line);
    if (behind == soonest.begin()) return nullptr;
    return &of_.writes[static_cast<std::size_t>(behind - soonest.begin()) - 1];
}

claimed_writes::claimed_writes(const recording& history)
    : counts_(history.claims()), begins_(history.claims() + 1) {
    for (const written_register& each : history.registers()) {
        for (const write& one : each.writes) ++counts_[one.claim];
    }
    for (std::size_t claim = 0; claim < counts_.size(); ++claim) {
        begins_[claim + 1] = begins_[claim] + counts_[claim];
    }
    entries_.resize(begins_.back());
    std::vector<std::uint32_t> next = begins_;
    for (const written_register& each : history.registers()) {
        for (const write& one : each.writes) {
            const std::uint32_t place = next[one.claim]++;
            const bool first = place == begins_[one.claim];
            const std::int64_t own = one.acknowledged();
            entries_[place] = {&one, first ? own : std::max(own, entries_[place - 1].latest)};
        }
    }
}

const write* claimed_writes::first_of(std::uint32_t claim, std::int64_t line) const {
    if (counts_[claim] == 0) return nullptr;
    const write* const first = entries_[begins_[claim]].what;
    return first->begun < line ? first : nullptr;
}

bool claimed_writes::may_have_come_after(std::int64_t since,
                                         std::uint32_t claim,
                                         std::int64_t line) const {
    const auto all = std::span(entries_).subspan(begins_[claim], counts_[claim]);
    const auto behind =
        std::ranges::lower_bound(all, line, {}, [](const entry& one) { return one.what->begun; });
    return behind != all.begin() && std::prev(behind)->latest >= since;
}

}  // namespace verdikt::checker::admin
