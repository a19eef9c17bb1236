#include "tests/unit/checker_groups/reference.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace verdikt::checker::groups {

namespace {

using history::op_type;
constexpr std::int64_t never = plain_operation::never;

/// A partition was a process's own, as far as it knew.
struct holding {
    std::int64_t process;
    std::int64_t partition;
    std::int64_t generation;
    std::int64_t from;
    std::int64_t to;          ///< Told to give it up, or its last line.
    std::int64_t perhaps;     ///< Told to give it up, or certainly over.
    std::int64_t told_begun;  ///< The line at which the operation began in which it was told.
    std::int64_t told_ended;
};

struct look {
    std::int64_t process;
    std::int64_t partition;
    std::int64_t offset;  ///< -1: nothing is committed.
    std::int64_t generation;
    std::int64_t begun;
    std::int64_t ended;
    bool resumed;
};

class judge {
  public:
    judge(const plain_history& history, const settings& asked)
        : history_(history), all_(history.operations), asked_(asked) {
        find_holdings();
        find_looks();
    }

    reference_judgement run() {
        std::uint64_t committed = 0;
        for (const plain_operation& one : all_) {
            if (one.f == "commit" && one.ok()) committed += one.offsets.size();
        }
        said_.doubtful = committed == 0 || holdings_.empty();
        look_for_two_owners();
        for (const look& one : looks_) look_at(one);
        look_for_orphans();
        return said_;
    }

  private:
    [[nodiscard]] const plain_operation* subscription_of(std::int64_t process) const {
        for (const plain_operation& one : all_) {
            if (one.f == "subscribe" && one.process == process) return &one;
        }
        return nullptr;
    }

    [[nodiscard]] std::int64_t last_time_of(std::int64_t process) const {
        std::int64_t last = 0;
        for (const plain_operation& one : all_) {
            if (one.process != process) continue;
            last = std::max(last, one.ended == never ? one.begun_at : one.ended_at);
        }
        return last;
    }

    void find_holdings() {
        for (const plain_operation& one : all_) {
            for (const plain_change& change : one.changes) {
                if (change.event != "assigned") continue;
                for (const std::int64_t partition : change.keys) {
                    holdings_.push_back(
                        {one.process,
                         partition,
                         change.generation,
                         change.at,
                         end_of(one.process,
                                partition,
                                change.at,
                                std::max(change.at, last_time_of(one.process))),
                         end_of(one.process, partition, change.at, gone_at(one.process)),
                         one.begun,
                         one.ended});
                }
            }
        }
    }

    [[nodiscard]] std::int64_t gone_at(std::int64_t process) const {
        std::int64_t at = never;
        for (const plain_operation& one : all_) {
            const bool over = one.f == "crash" || one.f == "unsubscribe" || !one.ok();
            if (one.process != process || one.ended == never || !over) continue;
            if (one.type != op_type::fail) at = one.ended_at;
        }
        return at;
    }

    /// The next time that it hears of the partition, or the time given.
    [[nodiscard]] std::int64_t end_of(std::int64_t process,
                                      std::int64_t partition,
                                      std::int64_t after,
                                      std::int64_t otherwise) const {
        std::int64_t first = otherwise;
        for (const plain_operation& one : all_) {
            if (one.process != process) continue;
            for (const plain_change& change : one.changes) {
                if (change.at > after && change.keys.contains(partition)) {
                    first = std::min(first, change.at);
                }
            }
        }
        return first;
    }

    void find_looks() {
        for (const plain_operation& one : all_) {
            if (one.f != "committed" || !one.ok()) continue;
            for (const auto& [partition, offset] : one.offsets) {
                looks_.push_back({one.process,
                                  partition,
                                  offset.value_or(-1),
                                  one.generation,
                                  one.begun,
                                  one.ended,
                                  false});
            }
        }
        for (const holding& one : holdings_) find_first_read(one);
    }

    void find_first_read(const holding& one) {
        for (const plain_operation& poll : all_) {
            const bool during = poll.f == "poll" && poll.ok() && poll.process == one.process &&
                                poll.ended >= one.told_ended && poll.ended_at >= one.from;
            // What was read in the operation in which it was given up, was not read as its own.
            if (!during || poll.ended_at > one.to) {
                if (during && poll.ended_at > one.to && one.to != last_time_of(one.process)) return;
                if (!during) continue;
            }
            for (const plain_place& each : poll.messages) {
                if (each.partition != one.partition) continue;
                looks_.push_back({one.process,
                                  one.partition,
                                  each.offset,
                                  one.generation,
                                  one.told_begun,
                                  poll.ended,
                                  true});
                return;
            }
        }
    }

    [[nodiscard]] bool same_static_member(std::int64_t one, std::int64_t other) const {
        const auto* const first = subscription_of(one);
        const auto* const second = subscription_of(other);
        return !first->instance.empty() && first->instance == second->instance;
    }

    void look_for_two_owners() {
        for (const holding& one : holdings_) {
            for (const holding& other : holdings_) {
                const bool same = one.partition == other.partition &&
                                  one.generation == other.generation &&
                                  one.process != other.process;
                const bool at_once = one.from < other.to && other.from < one.to;
                if (same && at_once && !same_static_member(one.process, other.process)) {
                    said_.violations.insert("two-owners");
                }
            }
        }
        for (const plain_operation& one : all_) {
            if (one.f != "commit" || !one.ok() || one.generation < 0) continue;
            for (const auto& [partition, next] : one.offsets) {
                for (const holding& other : holdings_) {
                    if (other.partition == partition && is_stale(one, other)) {
                        said_.violations.insert("two-owners");
                    }
                }
            }
        }
    }

    [[nodiscard]] bool is_stale(const plain_operation& commit, const holding& other) const {
        const auto* const by = subscription_of(commit.process);
        const auto* const owner = subscription_of(other.process);
        if (by == nullptr || other.process == commit.process) return false;
        if (other.from >= commit.begun_at || other.from <= by->begun_at) return false;
        if (other.generation > commit.generation) return true;
        return other.generation == commit.generation && owner->begun > by->begun &&
               same_static_member(other.process, commit.process);
    }

    [[nodiscard]] bool may_come_again(const plain_operation& commit) const {
        return commit.type == op_type::info ||
               commit.ended_at - commit.begun_at >= asked_.retry_backoff_ns;
    }

    /// Commits of that partition that did not fail.
    [[nodiscard]] std::vector<const plain_operation*> commits_of(std::int64_t partition) const {
        std::vector<const plain_operation*> all;
        for (const plain_operation& one : all_) {
            const bool happened = one.f == "commit" && one.type != op_type::fail;
            if (happened && one.offsets.contains(partition)) all.push_back(&one);
        }
        return all;
    }

    [[nodiscard]] const plain_operation* standing(const look& one) const {
        const auto* const joined = subscription_of(one.process);
        const std::int64_t since = joined == nullptr ? one.begun : joined->begun;
        const plain_operation* last = nullptr;
        for (const plain_operation* each : commits_of(one.partition)) {
            if (!each->ok()) continue;
            bool must = each->ended < since;
            if (one.generation >= 0 && each->generation >= 0) {
                const bool own = each->generation == one.generation && each->process == one.process;
                const bool before = each->ended < one.begun;
                must = must || (before && (own || each->generation < one.generation));
            }
            if (!must) continue;
            const bool later = last == nullptr || std::pair(last->generation, last->begun) <
                                                      std::pair(each->generation, each->begun);
            if (later) last = each;
        }
        return last;
    }

    [[nodiscard]] bool explains(const plain_operation& commit, const look& one) const {
        const std::int64_t next = *commit.offsets.at(one.partition);
        if (!one.resumed) return next == one.offset;
        if (next > one.offset) return false;
        for (const std::int64_t offset : messages_of(one.partition)) {
            if (offset >= next && offset < one.offset) return false;
        }
        return true;
    }

    [[nodiscard]] std::set<std::int64_t> messages_of(std::int64_t partition) const {
        std::set<std::int64_t> offsets;
        for (const plain_operation& one : all_) {
            if (!one.ok()) continue;
            for (const plain_place& each : one.messages) {
                if (each.partition == partition) offsets.insert(each.offset);
            }
        }
        return offsets;
    }

    [[nodiscard]] bool was_reset(const look& one, const plain_operation& last) const {
        return std::ranges::any_of(all_, [&](const plain_operation& each) {
            if (each.f != "reset" || !each.offsets.contains(one.partition)) return false;
            const std::int64_t over = each.ok() ? each.ended : never;
            return each.begun < one.ended && over > last.begun;
        });
    }

    void look_at(const look& one) {
        const plain_operation* const last = standing(one);
        if (last == nullptr || explains(*last, one) || was_reset(one, *last)) return;
        bool explained = false;
        bool by_repetition_only = true;
        std::int64_t lowest = *last->offsets.at(one.partition);
        for (const plain_operation* each : commits_of(one.partition)) {
            if (each->begun >= one.ended) continue;
            const bool replaced =
                each != last && ((each->generation >= 0 && each->generation < last->generation) ||
                                 (each->ended < last->begun && !may_come_again(*each)));
            if (replaced) continue;
            lowest = std::min(lowest, *each->offsets.at(one.partition));
            if (!explains(*each, one)) continue;
            explained = true;
            if (!each->ok() || each->ended >= last->begun) by_repetition_only = false;
        }
        if (explained) {
            said_.doubtful = said_.doubtful || by_repetition_only;
            return;
        }
        const bool promised = asked_.clean_elections && subscription_of(one.process) != nullptr;
        (promised ? said_.violations : said_.allowed).insert(name_of(one, *last, lowest));
    }

    [[nodiscard]] std::string name_of(const look& one,
                                      const plain_operation& last,
                                      std::int64_t lowest) const {
        if (one.resumed && one.offset >= lowest) return "skipped-to-end";
        if (one.resumed && one.offset <= *messages_of(one.partition).begin())
            return "reset-to-start";
        if (one.resumed) return "commit-went-back";
        const bool back = one.offset >= 0 && one.offset < *last.offsets.at(one.partition);
        return back ? "commit-went-back" : "commit-lost";
    }

    void look_for_orphans() {
        constexpr std::int64_t millisecond = 1'000'000;
        const std::int64_t allowed =
            (session_ms + poll_interval_ms) * millisecond + asked_.orphan_slack_ns;
        std::set<std::int64_t> times;
        std::int64_t end = 0;
        for (const plain_operation& one : all_) {
            const bool over = one.ended != never;
            end = std::max(end, over ? one.ended_at : one.begun_at);
            const bool gone =
                one.f == "crash" || one.f == "unsubscribe" || one.type == op_type::info;
            if (over && (gone || one.process < 0)) times.insert(one.ended_at);
            if (one.f == "subscribe") times.insert(one.begun_at);
        }
        times.insert(end);
        for (auto at = times.begin(); std::next(at) != times.end(); ++at) {
            look_for_orphans(*at, *std::next(at), allowed);
        }
    }

    void look_for_orphans(std::int64_t from, std::int64_t to, std::int64_t allowed) {
        std::int64_t until = from;
        for (const plain_operation& one : all_) {
            const bool there = one.f == "subscribe" && one.begun_at <= from;
            if (there) until = std::max(until, last_time_of(one.process));
        }
        to = std::min(to, until);
        for (std::int64_t partition = 0; partition < history_.partitions; ++partition) {
            // Every moment at which something begins or ends to be owned.
            std::set<std::int64_t> moments{from, to};
            for (const holding& one : holdings_) {
                if (one.partition != partition) continue;
                if (one.from > from && one.from < to) moments.insert(one.from);
                if (one.perhaps > from && one.perhaps < to) moments.insert(one.perhaps);
            }
            std::int64_t free = 0;
            for (auto at = moments.begin(); std::next(at) != moments.end(); ++at) {
                const bool owned = std::ranges::any_of(holdings_, [&](const holding& one) {
                    return one.partition == partition && one.from <= *at && one.perhaps > *at;
                });
                free = owned ? 0 : free + (*std::next(at) - *at);
                if (free > allowed) said_.violations.insert("orphan-partition");
            }
        }
    }

    const plain_history& history_;
    const std::vector<plain_operation>& all_;
    const settings& asked_;
    std::vector<holding> holdings_;
    std::vector<look> looks_;
    reference_judgement said_;
};

}  // namespace

reference_judgement judge_slowly(const plain_history& history, const settings& asked) {
    return judge(history, asked).run();
}

}  // namespace verdikt::checker::groups
