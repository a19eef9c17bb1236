#include "tests/unit/checker_log/reference.h"

#include "tests/unit/checker_log/plain_history.h"

#include <algorithm>
#include <map>
#include <optional>

namespace verdikt::checker::log {

namespace {

using history::op_type;
using message = plain_message;
using operation = plain_operation;

bool holds(const std::vector<plain_event>& events, const message& what) {
    return std::ranges::find(events, what, &plain_event::what) != events.end();
}

std::vector<plain_event> of_partition(const std::vector<plain_event>& events,
                                      std::int64_t partition) {
    std::vector<plain_event> found;
    for (const plain_event& one : events) {
        if (one.what.partition == partition) found.push_back(one);
    }
    return found;
}

class slow_judge {
  public:
    slow_judge(std::span<const history::operation> operations, const settings& asked)
        : all_(plain_history(operations)), asked_(asked) {
        for (const operation& one : all_) {
            for (const plain_event& sent : one.sends) {
                messages_.insert(sent.what);
                if (must_have_committed(one) && sent.offset && !one.weak) place(sent);
            }
            for (const plain_event& polled : one.polls) {
                messages_.insert(polled.what);
                place(polled);
            }
        }
    }

    reference_judgement run() {
        for (const message& one : messages_) judge_message(one);
        judge_offsets();
        for (std::size_t at = 0; at < all_.size(); ++at) judge_operation(at);
        judge_marks();
        judge_cycles();
        return std::move(result_);
    }

  private:
    void report(const std::string& name, bool promised) {
        (promised ? result_.violations : result_.allowed).insert(name);
    }

    // What the history says of messages and logs.

    void place(const plain_event& what) {
        logs_[what.what.partition][*what.offset].insert(what.what);
    }

    [[nodiscard]] bool is_read(const message& what) const {
        return std::ranges::any_of(all_, [&](const operation& one) {
            return one.type == op_type::ok && holds(one.polls, what);
        });
    }

    [[nodiscard]] bool must_have_committed(const operation& one) const {
        if (one.type == op_type::ok) return true;
        return one.type == op_type::info &&
               std::ranges::any_of(one.sends,
                                   [this](const plain_event& sent) { return is_read(sent.what); });
    }

    [[nodiscard]] const operation* writer_of(const message& what) const {
        for (const operation& one : all_) {
            if (holds(one.sends, what)) return &one;
        }
        return nullptr;
    }

    /// How many offsets of the log are lower.
    [[nodiscard]] std::int64_t position_of(std::int64_t partition, std::int64_t offset) const {
        const auto log = logs_.find(partition);
        if (log == logs_.end() || !log->second.contains(offset)) return -1;
        return std::distance(log->second.begin(), log->second.find(offset));
    }

    [[nodiscard]] std::vector<std::int64_t> positions_of(const message& what) const {
        std::vector<std::int64_t> found;
        const auto log = logs_.find(what.partition);
        if (log == logs_.end()) return found;
        for (const auto& [offset, held] : log->second) {
            if (held.contains(what)) found.push_back(position_of(what.partition, offset));
        }
        return found;
    }

    [[nodiscard]] std::int64_t position_of(const plain_event& what) const {
        if (what.offset) return position_of(what.what.partition, *what.offset);
        const auto places = positions_of(what.what);
        return places.size() == 1 ? places.front() : -1;
    }

    // Messages.

    void judge_message(const message& what) {
        const operation* const writer = writer_of(what);
        const bool weak = writer != nullptr && writer->weak;
        if (positions_of(what).size() > 1) report("duplicate", single_ && !weak);
        if (writer == nullptr) return report("phantom", true);
        if (writer->type == op_type::fail && is_read(what)) {
            report("G1a", writer->f == "send" || (asked_.read_committed && clean_));
        }
        if (holds(writer->polls, what)) report("precommitted-read", asked_.read_committed);
        if (!must_have_committed(*writer) || is_read(what)) return;
        const bool lost = is_lost(what);
        if (lost) report("lost-write", durable_ && !weak);
        if (writer->type == op_type::ok) {
            const bool decided = lost || asked_.finally == final_reads::made ||
                                 final_read_since(what.partition) > writer->ended;
            if (decided) report("unseen", durable_ && !weak);
        }
        judge_torn(*writer, what);
    }

    [[nodiscard]] bool is_lost(const message& what) const {
        const auto places = positions_of(what);
        const operation& writer = *writer_of(what);
        return std::ranges::any_of(messages_, [&](const message& other) {
            if (other.partition != what.partition || !is_read(other)) return false;
            if (!places.empty()) return positions_of(other).front() >= places.back();
            // What it was told, and the lowest place of what was read.
            return writer.weak && std::ranges::any_of(writer.sends, [&](const plain_event& sent) {
                       return sent.what == what && sent.offset &&
                              *sent.offset <= lowest_offset_of(other);
                   });
        });
    }

    [[nodiscard]] std::int64_t lowest_offset_of(const message& what) const {
        for (const auto& [offset, held] : logs_.at(what.partition)) {
            if (held.contains(what)) return offset;
        }
        return -1;
    }

    /// The beginning of the last assignment after which the partition was read to its end, or 0.
    [[nodiscard]] std::int64_t final_read_since(std::int64_t partition) const {
        std::int64_t since = 0;
        for (std::size_t at = 0; at < all_.size(); ++at) {
            const operation& poll = all_[at];
            if (!poll.ok() || (poll.f != "poll" && poll.f != "txn")) continue;
            const operation* const held = assignment_before(at, op_type::ok);
            if (held == nullptr) continue;
            const bool shown =
                poll.read_to_end.contains(partition) ||
                (held->seeks && held->partitions.contains(partition) && poll.polls.empty());
            if (shown) since = std::max(since, held->begun);
        }
        return since;
    }

    [[nodiscard]] const operation* assignment_before(std::size_t at, op_type type) const {
        for (std::size_t before = at; before-- > 0;) {
            const operation& one = all_[before];
            if (one.process == all_[at].process && one.assigns() && one.type == type) return &one;
        }
        return nullptr;
    }

    void judge_torn(const operation& writer, const message& missing) {
        if (writer.f != "txn") return;
        for (const operation& reader : all_) {
            if (!reader.ok()) continue;
            for (const plain_event& sent : writer.sends) {
                if (!holds(reader.polls, sent.what)) continue;
                if (final_read_since(missing.partition) > reader.ended) {
                    report("torn-transaction", asked_.read_committed && durable_);
                }
            }
        }
    }

    void judge_offsets() {
        for (const auto& [partition, log] : logs_) {
            for (const auto& [offset, held] : log) {
                if (held.size() < 2) continue;
                report("inconsistent-offsets", durable_);
                std::size_t acknowledged = 0;
                for (const message& one : held) {
                    if (is_acknowledged_at(one, offset)) ++acknowledged;
                }
                if (acknowledged > 1) report("offset-reused", durable_);
            }
        }
    }

    [[nodiscard]] bool is_acknowledged_at(const message& what, std::int64_t offset) const {
        const operation* const writer = writer_of(what);
        if (writer == nullptr || !writer->ok() || writer->weak) return false;
        return std::ranges::any_of(writer->sends, [&](const plain_event& sent) {
            return sent.what == what && sent.offset == offset;
        });
    }

    // The order within a process.

    void judge_operation(std::size_t at) {
        const operation& one = all_[at];
        if (one.assigns()) return;
        for (const auto& [partition, log] : logs_) {
            judge_polls(at, partition);
            if (one.type != op_type::fail) judge_sends(at, partition);
        }
    }

    void judge_polls(std::size_t at, std::int64_t partition) {
        const auto polls = of_partition(all_[at].polls, partition);
        for (std::size_t next = 1; next < polls.size(); ++next) {
            compare_polls(polls[next - 1], polls[next], "int-", true, at);
        }
        if (polls.empty()) return;
        const auto before = last_before(at, partition, &operation::polls);
        if (before.empty()) return;
        compare_polls(before.back(), polls.front(), "", !is_subscribed(at), at);
    }

    void compare_polls(const plain_event& before,
                       const plain_event& after,
                       const std::string& prefix,
                       bool follows,
                       std::size_t by) {
        const std::int64_t from = position_of(before);
        const std::int64_t to = position_of(after);
        if (from < 0 || to < 0 || to == from + 1) return;
        bool there = to <= from || asked_.durable;
        for (const message& passed : messages_) {
            if (passed.partition != before.what.partition) continue;
            const auto places = positions_of(passed);
            const bool between = std::ranges::any_of(
                places, [from, to](std::int64_t at) { return at > from && at < to; });
            there = there || (between && is_read(passed));
            if (between && places.size() == 1 && follows && all_[by].ok()) judge_passed(passed, by);
        }
        report(prefix + (to > from ? "poll-skip" : "nonmonotonic-poll"),
               follows && clean_ && there);
    }

    // Who read it must have ended before the operation that passed it, and nobody may read it
    // later.
    void judge_passed(const message& passed, std::size_t by) {
        std::optional<std::int64_t> last;
        for (const operation& one : all_) {
            if (one.ok() && holds(one.polls, passed)) last = one.ended;
        }
        if (last && *last < all_[by].begun) report("dirty-read", clean_);
    }

    [[nodiscard]] bool is_subscribed(std::size_t at) const {
        if (asked_.sub_via) return *asked_.sub_via == subscription::subscribe;
        return is_subscribed_by_record(at);
    }

    /// The process's last operation that counts and did something with the partition, unless the
    /// process gave the partition up since, or starts afresh.
    [[nodiscard]] std::vector<plain_event> last_before(
        std::size_t at, std::int64_t partition, std::vector<plain_event> operation::* what) const {
        const bool polls = what == &operation::polls;
        for (std::size_t before = at; before-- > 0;) {
            const operation& one = all_[before];
            if (one.process != all_[at].process || one.type == op_type::fail) continue;
            if (one.assigns()) {
                const bool afresh =
                    one.seeks || (one.f == "assign" && is_subscribed_by_record(before));
                if (!one.partitions.contains(partition) || (polls && afresh)) return {};
                continue;
            }
            if (polls && !one.ok()) continue;
            auto found = of_partition(one.*what, partition);
            if (!found.empty()) return found;
        }
        return {};
    }

    void judge_sends(std::size_t at, std::int64_t partition) {
        const auto sends = of_partition(all_[at].sends, partition);
        for (std::size_t next = 1; next < sends.size(); ++next) {
            const std::int64_t from = position_of(sends[next - 1]);
            const std::int64_t to = position_of(sends[next]);
            if (from < 0 || to < 0 || to == from + 1) continue;
            to > from ? report("int-send-skip", false)
                      : report("int-nonmonotonic-send", ordered_ && !all_[at].weak);
        }
        if (sends.empty()) return;
        const auto before = last_before(at, partition, &operation::sends);
        if (before.empty()) return;
        const std::int64_t from = position_of(before.back());
        const std::int64_t to = position_of(sends.front());
        if (from < 0 || to < 0 || to > from) return;
        const bool weak = all_[at].weak || writer_of(before.back().what)->weak;
        report("nonmonotonic-send", ordered_ && !weak);
    }

    // Marks.

    void judge_marks() {
        for (const operation& left : all_) {
            for (const operation& right : all_) {
                for (const plain_event& one : left.polls) {
                    for (const plain_event& other : right.polls) judge_pair(one, other);
                }
                judge_ends(left, right);
            }
        }
    }

    void judge_pair(const plain_event& one, const plain_event& other) {
        if (one.what.partition != other.what.partition || *one.offset >= *other.offset) return;
        if (one.epoch && other.epoch && *one.epoch > *other.epoch)
            report("order-of-epochs", clean_);
        if (asked_.log_append_time && one.timestamp && other.timestamp &&
            *one.timestamp > *other.timestamp) {
            report("order-of-timestamps", clean_);
        }
    }

    void judge_ends(const operation& left, const operation& right) {
        if (left.process != right.process || left.ended >= right.ended) return;
        for (const auto& [partition, end] : left.ends) {
            for (const auto& [other, later] : right.ends) {
                if (partition == other && later < end) {
                    report("stale-end-offset", clean_);
                }
            }
        }
    }

    // Cycles, by who reaches whom.

    using relation = std::vector<std::vector<bool>>;

    [[nodiscard]] relation nothing() const {
        return relation(all_.size(), std::vector<bool>(all_.size(), false));
    }

    [[nodiscard]] std::size_t number_of(const operation* one) const {
        return static_cast<std::size_t>(one - all_.data());
    }

    [[nodiscard]] relation reads() const {
        relation found = nothing();
        for (std::size_t at = 0; at < all_.size(); ++at) {
            if (!all_[at].ok()) continue;
            for (const plain_event& polled : all_[at].polls) {
                const operation* const writer = writer_of(polled.what);
                if (writer == nullptr || writer->type == op_type::fail) continue;
                if (number_of(writer) != at) found[number_of(writer)][at] = true;
            }
        }
        return found;
    }

    [[nodiscard]] relation writes() const {
        relation found = nothing();
        for (const auto& [partition, log] : logs_) {
            const operation* before = nullptr;
            for (const auto& [offset, held] : log) {
                const operation* const writer = writer_of(*held.begin());
                if (writer == nullptr || writer->type == op_type::fail) continue;
                if (before != nullptr && before != writer) {
                    found[number_of(before)][number_of(writer)] = true;
                }
                before = writer;
            }
        }
        return found;
    }

    [[nodiscard]] relation times() const {
        relation found = nothing();
        for (std::size_t from = 0; from < all_.size(); ++from) {
            for (std::size_t to = 0; to < all_.size(); ++to) {
                found[from][to] = all_[from].ok() && all_[from].ended < all_[to].begun;
            }
        }
        return found;
    }

    static relation with(relation left, const relation& right) {
        for (std::size_t from = 0; from < left.size(); ++from) {
            for (std::size_t to = 0; to < left.size(); ++to) {
                if (right[from][to]) left[from][to] = true;
            }
        }
        return left;
    }

    /// Warshall, 1962.
    static relation reach(relation steps) {
        for (std::size_t by = 0; by < steps.size(); ++by) {
            for (std::size_t from = 0; from < steps.size(); ++from) {
                if (!steps[from][by]) continue;
                for (std::size_t to = 0; to < steps.size(); ++to) {
                    if (steps[by][to]) steps[from][to] = true;
                }
            }
        }
        return steps;
    }

    /// Some cycle of `steps` has one of `needed` in it, and no node on a cycle with it is on one of
    /// `stronger`.
    static bool has_cycle(const relation& needed,
                          const relation& steps,
                          const std::vector<relation>& stronger) {
        const relation reached = reach(steps);
        for (std::size_t from = 0; from < needed.size(); ++from) {
            for (std::size_t to = 0; to < needed.size(); ++to) {
                if (!needed[from][to] || !reached[to][from]) continue;
                if (!is_told(reached, from, needed, stronger)) return true;
            }
        }
        return false;
    }

    static bool is_told(const relation& reached,
                        std::size_t node,
                        const relation& needed,
                        const std::vector<relation>& stronger) {
        for (const relation& steps : stronger) {
            const relation within = reach(steps);
            for (std::size_t from = 0; from < needed.size(); ++from) {
                if (!reached[node][from] || !reached[from][node]) continue;
                for (std::size_t to = 0; to < needed.size(); ++to) {
                    if (needed[from][to] && within[to][from]) return true;
                }
            }
        }
        return false;
    }

    /// What was read had not begun to be sent.
    static bool reads_the_future(const relation& wr, const relation& rt) {
        for (std::size_t from = 0; from < wr.size(); ++from) {
            for (std::size_t to = 0; to < wr.size(); ++to) {
                if (wr[from][to] && rt[to][from]) return true;
            }
        }
        return false;
    }

    void judge_cycles() {
        const relation wr = reads();
        const relation ww = writes();
        const relation rt = times();
        const relation both = with(wr, ww);
        if (has_cycle(wr, wr, {})) report("G1c", asked_.read_committed);
        if (has_cycle(wr, with(wr, rt), {wr})) report("G1c-realtime", asked_.read_committed);
        if (!asked_.read_committed && reads_the_future(wr, rt)) report("G1c-realtime", true);
        if (has_cycle(ww, ww, {})) report("G0", false);
        if (has_cycle(ww, with(ww, rt), {ww})) report("G0-realtime", false);
        if (has_cycle(wr, both, {wr})) report("G1c", false);
        if (has_cycle(wr, with(both, rt), {wr, both, with(wr, rt)})) report("G1c-realtime", false);
    }

    [[nodiscard]] bool is_subscribed_by_record(std::size_t at) const {
        for (std::size_t before = at; before-- > 0;) {
            const operation& one = all_[before];
            if (one.process != all_[at].process || !one.assigns()) continue;
            if (one.type != op_type::fail) return one.f == "subscribe";
        }
        return false;
    }

    const std::vector<operation> all_;
    const settings& asked_;
    const bool clean_ = asked_.clean_elections;
    const bool durable_ = asked_.durable && clean_;
    const bool single_ = asked_.idempotent && clean_;
    const bool ordered_ = asked_.idempotent && durable_;
    std::set<message> messages_;
    std::map<std::int64_t, std::map<std::int64_t, std::set<message>>> logs_;
    reference_judgement result_;
};

}  // namespace

reference_judgement judge_slowly(std::span<const history::operation> operations,
                                 const settings& asked) {
    return slow_judge(operations, asked).run();
}

}  // namespace verdikt::checker::log
