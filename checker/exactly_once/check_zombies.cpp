/// eos-zombie: an instance that was fenced committed all the same.
///
/// By the producer's epoch: its transactional id was taken over by another process, which began to
/// do so after this one had done it, and had it before this one first asked for the commit.
///
/// By the group's generation (KIP-447): a member of a later generation had committed before this
/// one first sent its offsets. Generations only rise, as long as the group has offsets, and it has
/// them from that commit on.
///
/// The transaction took effect if it is `ok`, or if a reader was given an output of it.
#include "checker/exactly_once/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

namespace verdikt::checker::exactly_once {

namespace {

using history::op_type;

class zombie_check {
  public:
    zombie_check(const evidence& seen, findings& into) : seen_(seen), into_(into) {}

    void run() {
        find_successors();
        find_generations();
        for (std::uint32_t row = 0; row < seen_.history.attempts.size(); ++row) {
            if (!seen_.took_effect(row)) continue;
            const attempt& one = seen_.history.attempts[row];
            if (const auto* by = successor_of(one); by != nullptr) {
                report(row,
                       by->index,
                       fmt::format("process {} took its transactional id over in operation {}",
                                   by->process,
                                   by->index));
            } else if (const auto* later = later_member_than(one); later != nullptr) {
                report(row,
                       seen_.history.index_of(*later),
                       fmt::format("a member of generation {} committed in operation {}, and it "
                                   "was one of generation {}",
                                   later->generation,
                                   seen_.history.index_of(*later),
                                   one.generation));
            }
        }
    }

  private:
    /// For each process the takeover that fenced it first.
    void find_successors() {
        std::map<std::uint32_t, std::vector<const takeover*>> by_id;
        for (const takeover& one : seen_.history.takeovers) by_id[one.id].push_back(&one);
        for (auto& [id, all] : by_id) find_successors(all);
    }

    void find_successors(std::vector<const takeover*>& all) {
        std::ranges::sort(all, {}, [](const takeover* one) { return one->begun; });
        // From the last to the first: of those that begin later, the one that ended first.
        std::vector<const takeover*> first_to_end(all.size() + 1, nullptr);
        for (std::size_t at = all.size(); at-- > 0;) {
            const takeover* const next = first_to_end[at + 1];
            first_to_end[at] = next == nullptr || all[at]->ended < next->ended ? all[at] : next;
        }
        for (const takeover* one : all) {
            const auto later = std::ranges::upper_bound(
                all, one->ended, {}, [](const takeover* each) { return each->begun; });
            const takeover* const by = first_to_end[static_cast<std::size_t>(later - all.begin())];
            if (by != nullptr && by->process != one->process) successors_[one->process] = by;
        }
    }

    [[nodiscard]] const takeover* successor_of(const attempt& one) const {
        const auto found = successors_.find(one.process);
        if (found == successors_.end() || found->second->ended_at >= one.commit_at) return nullptr;
        return found->second;
    }

    /// Of the commits so far, in the order in which they ended, the one of the highest generation.
    void find_generations() {
        for (const attempt& one : seen_.history.attempts) {
            if (one.type != op_type::ok || one.carried == 0 || one.generation < 0) continue;
            if (!highest_.empty() && highest_.back()->generation >= one.generation) continue;
            highest_.push_back(&one);
        }
    }

    [[nodiscard]] const attempt* later_member_than(const attempt& one) const {
        if (one.generation < 0 || one.carried == 0) return nullptr;
        // Both rise, so the first of a later generation is the first to have ended.
        const auto later = std::ranges::upper_bound(
            highest_, one.generation, {}, [](const attempt* each) { return each->generation; });
        if (later == highest_.end() || (*later)->ended_at >= one.offsets_at) return nullptr;
        return *later;
    }

    void report(std::uint32_t row, std::int64_t by, const std::string& why) {
        into_.add("eos-zombie", seen_.asked.promises_transactions(), [&] {
            const attempt& one = seen_.history.attempts[row];
            return anomaly{
                .operations = in_order({seen_.history.index_of(one), by, seen_.shown_by(row)}),
                .what = fmt::format("process {} committed in {}, though {} before it asked to",
                                    one.process,
                                    seen_.operation(row),
                                    why)};
        });
    }

    const evidence& seen_;
    findings& into_;
    std::unordered_map<std::int64_t, const takeover*> successors_;
    std::vector<const attempt*> highest_;
};

}  // namespace

void check_zombies(const evidence& seen, findings& into) {
    zombie_check(seen, into).run();
}

}  // namespace verdikt::checker::exactly_once
