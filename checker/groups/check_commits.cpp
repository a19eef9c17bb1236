/// What the group has committed, against what its members were shown later.
///
/// A commit that is `ok` took effect in its generation. So somebody who begins to look after it had
/// ended, as a member of a later generation, or of the same one after committing itself, or who
/// joined after it had ended, must see it, or what replaced it. The *standing* commit is the last
/// of those, by generation and then by time. (Real time alone is not enough: who is of an earlier
/// generation may ask a coordinator that was replaced. Nor is the generation alone: a commit may be
/// on its way to the log while the next generation forms.)
///
/// Another commit may be seen instead unless the standing one replaced it for certain: it had ended
/// before the standing one began and cannot come again, or it is of an earlier generation. A commit
/// can come again if it is `info`, or took so long that the client may have sent it twice and left
/// the first copy on the way.
///
/// Who looks without being a member may be answered by a coordinator that does not know yet that it
/// was replaced: what it is shown is reported, and nothing promises it.
#include "checker/groups/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <tuple>

namespace verdikt::checker::groups {

namespace {

using history::op_type;

bool earlier(const commit& one, const commit& other) {
    return std::tuple(one.generation, one.begun) < std::tuple(other.generation, other.begun);
}

class commit_check {
  public:
    commit_check(const evidence& seen, findings& into)
        : seen_(seen),
          into_(into),
          by_generation_(seen.history.partitions.size()),
          by_end_(seen.history.partitions.size()) {
        for (const commit& one : seen.history.commits) {
            by_generation_[one.partition].push_back(&one);
            if (one.type != op_type::ok) continue;
            // In the order in which they ended; of each the last so far.
            auto& ended = by_end_[one.partition];
            const bool later = ended.empty() || !earlier(one, *ended.back().last);
            ended.push_back({one.ended, later ? &one : ended.back().last});
        }
        for (auto& all : by_generation_) {
            std::ranges::sort(
                all, [](const commit* one, const commit* other) { return earlier(*one, *other); });
        }
    }

    void run() {
        for (const sight& one : seen_.history.sights) look_at(one);
        if (again_ == 0) return;
        into_.doubt(
            fmt::format("{} times an older commit was seen that may have come a second time, since "
                        "its client may have sent it twice",
                        again_));
    }

  private:
    struct ended_commit {
        std::int64_t ended = 0;
        const commit* last = nullptr;
    };

    [[nodiscard]] bool may_come_again(const commit& one) const {
        return one.type == op_type::info ||
               one.ended_at - one.begun_at >= seen_.asked.retry_backoff_ns;
    }

    /// Null if nothing must stand.
    [[nodiscard]] const commit* standing(const sight& one) const {
        const commit* last = last_ended_before(one.partition, joined(one));
        if (one.generation < 0) return last;
        const auto& all = by_generation_[one.partition];
        auto at = std::ranges::upper_bound(
            all, one.generation, {}, [](const commit* each) { return each->generation; });
        for (; at != all.begin(); --at) {
            const commit& each = **std::prev(at);
            if (last != nullptr && earlier(each, *last)) break;
            if (each.type != op_type::ok || each.generation < 0) continue;
            const bool own = each.member == one.member;
            if (each.ended < one.begun && (each.generation < one.generation || own)) return &each;
        }
        return last;
    }

    [[nodiscard]] std::int64_t joined(const sight& one) const {
        return one.member == none ? one.begun : seen_.history.members[one.member].begun;
    }

    [[nodiscard]] const commit* last_ended_before(std::uint32_t partition,
                                                  std::int64_t line) const {
        const auto& all = by_end_[partition];
        const auto behind = std::ranges::lower_bound(all, line, {}, &ended_commit::ended);
        return behind == all.begin() ? nullptr : std::prev(behind)->last;
    }

    void look_at(const sight& one) {
        const commit* const last = standing(one);
        if (last == nullptr || explains(*last, one) || was_reset(one, *last)) return;
        std::int64_t lowest = last->next;
        bool explained = false;
        bool by_repetition_only = true;
        for (const commit* other : by_generation_[one.partition]) {
            if (other->begun >= one.ended || is_replaced(*other, *last)) continue;
            lowest = std::min(lowest, other->next);
            if (!explains(*other, one)) continue;
            explained = true;
            const bool repeated = other->type == op_type::ok && other->ended < last->begun;
            by_repetition_only = by_repetition_only && repeated;
        }
        if (explained && by_repetition_only) ++again_;
        if (!explained) report(one, *last, lowest);
    }

    [[nodiscard]] bool is_replaced(const commit& one, const commit& by) const {
        if (&one == &by) return false;
        if (one.generation >= 0 && one.generation < by.generation) return true;
        return one.ended < by.begun && !may_come_again(one);
    }

    [[nodiscard]] bool explains(const commit& one, const sight& what) const {
        if (!what.resumed) return one.next == what.offset;
        if (one.next > what.offset) return false;
        // Offsets have gaps, so only a message between the two was passed over.
        const auto& messages = seen_.history.messages[what.partition];
        const auto next = std::ranges::lower_bound(messages, one.next);
        return next == messages.end() || *next >= what.offset;
    }

    [[nodiscard]] bool was_reset(const sight& one, const commit& last) const {
        return std::ranges::any_of(seen_.history.resets, [&](const reset& each) {
            return each.partition == one.partition && each.begun < one.ended &&
                   each.ended > last.begun;
        });
    }

    [[nodiscard]] std::string_view name_of(const sight& one,
                                           const commit& last,
                                           std::int64_t lowest) const {
        if (!one.resumed) {
            const bool back = one.offset >= 0 && one.offset < last.next;
            return back ? "commit-went-back" : "commit-lost";
        }
        if (one.offset >= lowest) return "skipped-to-end";
        const auto& messages = seen_.history.messages[one.partition];
        return one.offset <= messages.front() ? "reset-to-start" : "commit-went-back";
    }

    void report(const sight& one, const commit& last, std::int64_t lowest) {
        const bool member = one.member != none;
        const bool promised = seen_.asked.clean_elections && member;
        into_.add(name_of(one, last, lowest), promised, [&] {
            anomaly what{
                .how = member ? certainty::certain : certainty::inferred,
                .operations = {std::min(one.index, last.index), std::max(one.index, last.index)},
                .what = describe(one, last)};
            what.places.push_back({seen_.partition(one.partition), last.next});
            if (one.offset >= 0) {
                what.places.push_back({seen_.partition(one.partition), one.offset});
            }
            return what;
        });
    }

    [[nodiscard]] std::string describe(const sight& one, const commit& last) const {
        const std::string saw = one.resumed ? fmt::format("began to read at offset {}", one.offset)
                                : one.offset < 0
                                    ? std::string("found nothing committed")
                                    : fmt::format("found offset {} committed", one.offset);
        return fmt::format(
            "operation {} committed offset {} of partition {} in generation {}; "
            "operation {}, of generation {}, {}",
            last.index,
            last.next,
            seen_.partition(one.partition),
            last.generation,
            one.index,
            one.generation,
            saw);
    }

    const evidence& seen_;
    findings& into_;
    /// By partition, by generation and then by beginning.
    std::vector<std::vector<const commit*>> by_generation_;
    std::vector<std::vector<ended_commit>> by_end_;
    std::uint64_t again_ = 0;
};

}  // namespace

void check_commits(const evidence& seen, findings& into) {
    if (seen.asked.auto_commit) return;
    commit_check(seen, into).run();
}

}  // namespace verdikt::checker::groups
