/// orphan-partition: nobody owns a partition that members subscribed to, for longer than sessions
/// and rebalances may take.
///
/// Judged where nothing disturbs the group: between two moments at which the nemesis acted or a
/// member came or went, and while a member was there all the time.
#include "checker/groups/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <vector>

namespace verdikt::checker::groups {

namespace {

struct stretch {
    std::int64_t from = 0;
    std::int64_t to = 0;
};

/// The ownerships of one partition, by when they began.
struct owners {
    std::vector<const ownership*> all = {};
    /// Of each and all before it the one that may have lasted longest, the first of several.
    std::vector<const ownership*> longest = {};
};

class orphan_check {
  public:
    orphan_check(const evidence& seen, findings& into)
        : seen_(seen), into_(into), owners_(seen.history.partitions.size()) {
        for (const ownership& one : seen.history.ownerships) {
            owners_[one.partition].all.push_back(&one);
        }
        for (owners& here : owners_) sort(here);
        std::int64_t last_there = 0;
        for (const member& one : seen.history.members) {
            allowed_ = std::max(allowed_, one.session_ns + one.poll_interval_ns);
            last_there = until_.empty() ? one.ended_at : std::max(last_there, one.ended_at);
            until_.push_back(last_there);
        }
        allowed_ += seen.asked.orphan_slack_ns;
    }

    void run() {
        const auto& times = seen_.history.disturbances;
        for (std::size_t at = 1; at < times.size(); ++at) look_at({times[at - 1], times[at]});
    }

  private:
    void sort(owners& here) const {
        std::ranges::sort(here.all, {}, [](const ownership* one) {
            return std::tuple(one->from, one->index, one->to);
        });
        for (const ownership* one : here.all) {
            const bool longer = here.longest.empty() || until(*one) > until(*here.longest.back());
            here.longest.push_back(longer ? one : here.longest.back());
        }
    }

    [[nodiscard]] std::int64_t until(const ownership& one) const {
        return seen_.history.perhaps_until(one);
    }
    /// A partition may be owned for ever, so the difference alone may be no number.
    [[nodiscard]] bool is_too_long(std::int64_t from, std::int64_t to) const {
        return from < to && to - from > allowed_;
    }

    void look_at(stretch calm) {
        if (!is_too_long(calm.from, calm.to)) return;
        const auto there =
            std::ranges::upper_bound(seen_.history.members, calm.from, {}, &member::begun_at) -
            seen_.history.members.begin();
        if (there == 0) return;
        calm.to = std::min(calm.to, until_[static_cast<std::size_t>(there) - 1]);
        for (std::uint32_t partition = 0; partition < owners_.size(); ++partition) {
            if (seen_.history.subscribed[partition]) look_at(partition, calm);
        }
    }

    void look_at(std::uint32_t partition, const stretch& calm) {
        const owners& here = owners_[partition];
        const auto before = static_cast<std::size_t>(
            std::ranges::upper_bound(
                here.all, calm.from, {}, [](const ownership* one) { return one->from; }) -
            here.all.begin());
        const ownership* last = nullptr;
        std::int64_t free_since = calm.from;
        if (before > 0 && until(*here.longest[before - 1]) > free_since) {
            last = here.longest[before - 1];
            free_since = until(*last);
        }
        for (std::size_t at = before; at < here.all.size(); ++at) {
            const ownership& one = *here.all[at];
            if (one.from >= calm.to) break;
            if (is_too_long(free_since, one.from)) {
                return report(partition, {free_since, one.from}, last);
            }
            if (until(one) <= free_since) continue;
            last = &one;
            free_since = until(one);
        }
        if (is_too_long(free_since, calm.to)) report(partition, {free_since, calm.to}, last);
    }

    void report(std::uint32_t partition, const stretch& free, const ownership* last) {
        into_.add("orphan-partition", true, [&] {
            constexpr double second = 1e9;
            anomaly what{.how = certainty::inferred,
                         .what = fmt::format("nobody owned partition {} from {:.3f} s to {:.3f} s, "
                                             "though members were there and nothing disturbed them",
                                             seen_.partition(partition),
                                             static_cast<double>(free.from) / second,
                                             static_cast<double>(free.to) / second)};
            if (last != nullptr) what.operations.push_back(last->index);
            return what;
        });
    }

    const evidence& seen_;
    findings& into_;
    std::vector<owners> owners_;  ///< By partition.
    /// Of each member and all who began before: when the last of them was there.
    std::vector<std::int64_t> until_;
    std::int64_t allowed_ = 0;
};

}  // namespace

void check_orphans(const evidence& seen, findings& into) {
    orphan_check(seen, into).run();
}

}  // namespace verdikt::checker::groups
