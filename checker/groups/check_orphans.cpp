/// orphan-partition: nobody owns a partition that members subscribed to, for longer than sessions
/// and rebalances may take.
///
/// Judged where nothing disturbs the group: between two moments at which the nemesis acted or a
/// member came or went, and while a member was there all the time.
#include "checker/groups/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace verdikt::checker::groups {

namespace {

struct stretch {
    std::int64_t from = 0;
    std::int64_t to = 0;
};

class orphan_check {
  public:
    orphan_check(const evidence& seen, findings& into)
        : seen_(seen), into_(into), owners_(seen.history.partitions.size()) {
        for (const ownership& one : seen.history.ownerships) owners_[one.partition].push_back(&one);
        for (auto& all : owners_) {
            std::ranges::sort(all, {}, [](const ownership* one) {
                return std::tuple(one->from, one->index, one->to);
            });
        }
    }

    void run() {
        for (const member& one : seen_.history.members) {
            allowed_ = std::max(allowed_, one.session_ns + one.poll_interval_ns);
        }
        allowed_ += seen_.asked.orphan_slack_ns;
        const auto& times = seen_.history.disturbances;
        for (std::size_t at = 1; at < times.size(); ++at) look_at({times[at - 1], times[at]});
    }

  private:
    void look_at(stretch calm) {
        if (calm.to - calm.from <= allowed_) return;
        std::int64_t until = calm.from;
        for (const member& one : seen_.history.members) {
            if (one.begun_at <= calm.from) until = std::max(until, one.ended_at);
        }
        calm.to = std::min(calm.to, until);
        for (std::uint32_t partition = 0; partition < owners_.size(); ++partition) {
            if (seen_.history.subscribed[partition]) look_at(partition, calm);
        }
    }

    void look_at(std::uint32_t partition, const stretch& calm) {
        std::int64_t free_since = calm.from;
        std::int64_t owned_last = -1;
        for (const ownership* one : owners_[partition]) {
            if (one->from >= calm.to) break;
            if (one->from - free_since > allowed_) {
                return report(partition, {free_since, one->from}, owned_last);
            }
            const std::int64_t until = seen_.history.perhaps_until(*one);
            if (until > free_since) {
                free_since = until;
                owned_last = one->index;
            }
        }
        if (calm.to - free_since > allowed_) report(partition, {free_since, calm.to}, owned_last);
    }

    void report(std::uint32_t partition, const stretch& free, std::int64_t owned_last) {
        into_.add("orphan-partition", true, [&] {
            constexpr double second = 1e9;
            anomaly what{.how = certainty::inferred,
                         .what = fmt::format("nobody owned partition {} from {:.3f} s to {:.3f} s, "
                                             "though members were there and nothing disturbed them",
                                             seen_.partition(partition),
                                             static_cast<double>(free.from) / second,
                                             static_cast<double>(free.to) / second)};
            if (owned_last >= 0) what.operations.push_back(owned_last);
            return what;
        });
    }

    const evidence& seen_;
    findings& into_;
    std::vector<std::vector<const ownership*>> owners_;
    std::int64_t allowed_ = 0;
};

}  // namespace

void check_orphans(const evidence& seen, findings& into) {
    orphan_check(seen, into).run();
}

}  // namespace verdikt::checker::groups
