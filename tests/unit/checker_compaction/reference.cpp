#include "tests/unit/checker_compaction/reference.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

namespace verdikt::checker::compaction {

namespace {

using history::datum_view;
using history::op_type;
using history::operation;

constexpr std::int64_t never = std::int64_t{1} << 60;

/// One operation, both of its lines.
struct whole {
    std::int64_t begun = 0;
    std::int64_t ended = never;
    std::int64_t begun_at = 0;
    std::int64_t ended_at = never;
    op_type type = op_type::info;
    const operation* first = nullptr;
    const operation* last = nullptr;
};

struct seen_record {
    std::int64_t offset;
    std::int64_t key;
    std::int64_t number;
    bool tombstone;
};

seen_record record_of(datum_view what) {
    const bool told = what.size() == 2 && what[1].is_vector();
    const datum_view pair = told ? what[1] : what;
    return {.offset = told ? what[0].integer() : -1,
            .key = pair[0].integer(),
            .number = pair[1].integer(),
            .tombstone = pair.size() > 2};
}

class slow_judge {
  public:
    slow_judge(std::span<const operation> lines, const settings& asked)
        : asked_(asked), error_(std::chrono::nanoseconds(asked.clock_error).count()) {
        for (std::size_t at = 0; at < lines.size(); ++at) {
            const operation& line = lines[at];
            if (line.type == op_type::invoke) {
                all_.push_back({.begun = line.index, .begun_at = line.time, .first = &line});
                continue;
            }
            for (whole& one : all_) {
                if (one.first->process != line.process || one.last != nullptr) continue;
                one.last = &line;
                one.ended = line.index;
                one.ended_at = line.time;
                one.type = line.type;
            }
        }
    }

    reference_judgement run() {
        for (const whole& by : all_) {
            if (by.first->f == "scan" && by.type == op_type::ok) judge_scan(by);
        }
        for (const whole& one : all_) {
            if (one.type == op_type::ok && one.first->f == "send") look_for_reader(one);
        }
        return std::move(result_);
    }

  private:
    void report(const std::string& name, bool promised) {
        (promised ? result_.violations : result_.allowed).insert(name);
    }

    // ---- What the history says.

    static std::int64_t partition_of(const whole& scan) {
        return scan.first->value.view()[0][1][0].integer();
    }
    static std::vector<seen_record> found_in(const whole& scan) {
        std::vector<seen_record> found;
        for (const datum_view each : scan.last->value.view()[0][1][1]) {
            found.push_back(record_of(each));
        }
        return found;
    }
    static std::int64_t told(const whole& scan, std::string_view name) {
        return scan.last->more.view().find(name)->integer();
    }

    struct sent_record {
        seen_record what;
        const whole* by;
    };

    /// Everything that was sent to a partition, and what was read though nobody sent it.
    [[nodiscard]] std::vector<sent_record> sent_to(std::int64_t partition) const {
        static const whole nobody;
        std::vector<sent_record> sent;
        for (const whole& one : all_) {
            if (one.first->f != "send") continue;
            for (const datum_view each : one.first->value.view()) {
                if (each[1].integer() == partition) sent.push_back({record_of(each[2]), &one});
            }
        }
        for (const whole& scan : all_) {
            if (scan.first->f != "scan" || scan.type != op_type::ok) continue;
            if (partition_of(scan) != partition) continue;
            for (const seen_record& each : found_in(scan)) {
                const bool known = std::ranges::any_of(
                    sent, [&](const sent_record& one) { return same(one.what, each); });
                if (!known) sent.push_back({each, &nobody});
            }
        }
        for (sent_record& one : sent) one.what.offset = offset_of(partition, one);
        return sent;
    }

    static bool same(const seen_record& one, const seen_record& other) {
        return one.key == other.key && one.number == other.number;
    }

    [[nodiscard]] std::int64_t offset_of(std::int64_t partition, const sent_record& of) const {
        std::int64_t highest = -1;
        if (of.by->last != nullptr) {
            for (const datum_view each : of.by->last->value.view()) {
                const seen_record told = record_of(each[2]);
                if (same(told, of.what)) highest = std::max(highest, told.offset);
            }
        }
        for (const whole& scan : all_) {
            if (scan.first->f != "scan" || scan.type != op_type::ok) continue;
            if (partition_of(scan) != partition) continue;
            for (const seen_record& each : found_in(scan)) {
                if (same(each, of.what)) highest = std::max(highest, each.offset);
            }
        }
        return highest;
    }

    [[nodiscard]] datum_view rules_of(std::int64_t partition) const {
        const datum_view all = all_.front().first->value.view();
        for (std::size_t at = 0; at < all.size(); at += 2) {
            if (all[at].integer() == partition) return all[at + 1];
        }
        return all;
    }
    [[nodiscard]] std::int64_t kept(std::int64_t partition, std::string_view setting) const {
        const std::int64_t milliseconds = rules_of(partition).find(setting)->integer();
        return milliseconds < 0 ? never : milliseconds * 1'000'000;
    }

    [[nodiscard]] bool may_be_deleted(std::int64_t partition,
                                      std::int64_t offset,
                                      const whole& by) const {
        return std::ranges::any_of(all_, [&](const whole& one) {
            if (one.first->f != "delete-records" || one.type == op_type::fail) return false;
            const datum_view value = one.first->value.view();
            return value[0].integer() == partition && one.begun < by.ended &&
                   value[1].integer() > offset;
        });
    }

    // ---- Judging.

    void judge_scan(const whole& by) {
        const std::int64_t partition = partition_of(by);
        const auto sent = sent_to(partition);
        const auto found = found_in(by);
        for (const seen_record& each : found) {
            for (const sent_record& one : sent) {
                if (!same(one.what, each)) continue;
                if (one.by->first == nullptr) report("phantom", true);
                if (one.by->first != nullptr && one.by->type == op_type::fail) report("G1a", true);
            }
        }
        judge_start(by);
        const bool compacted = rules_of(partition).find("cleanup.policy")->name() == "compact";
        for (const sent_record& one : sent) {
            if (one.by->first == nullptr) continue;
            const bool there = std::ranges::any_of(
                found, [&](const seen_record& each) { return same(each, one.what); });
            const bool below = one.what.offset >= 0 && one.what.offset < told(by, "end");
            if (there || !below || may_be_deleted(partition, one.what.offset, by)) continue;
            if (compacted) {
                judge_missing(by, one, sent, found);
            } else if (by.ended_at - one.by->begun_at < kept(partition, "retention.ms") - error_) {
                report("retained-too-little", asked_.durable);
            }
        }
    }

    void judge_missing(const whole& by,
                       const sent_record& missing,
                       const std::vector<sent_record>& sent,
                       const std::vector<seen_record>& found) {
        bool late = false;
        for (const sent_record& other : sent) {
            if (other.what.key != missing.what.key || same(other.what, missing.what)) continue;
            if (other.by->first == nullptr) continue;
            if (other.what.offset < 0) {
                if (other.by->type == op_type::fail || other.by->begun > by.ended) continue;
                if (other.by->ended > by.begun) return;
                late = true;
            } else if (other.what.offset > missing.what.offset) {
                // One below the end would itself be there, or be missed.
                if (other.what.offset < told(by, "end") || other.by->begun < by.ended) return;
            }
        }
        const std::int64_t horizon = kept(partition_of(by), "delete.retention.ms") - error_;
        const bool early = !missing.what.tombstone || by.ended_at - missing.by->begun_at < horizon;
        const bool older = std::ranges::any_of(
            found, [&](const seen_record& each) { return each.key == missing.what.key; });
        const bool back = missing.what.tombstone && older && by.ended_at - by.begun_at < horizon;
        if (late) {
            result_.doubts = result_.doubts || early || back;
            return;
        }
        if (early) report("compacted-too-much", asked_.durable);
        if (back) report("resurrected", asked_.durable);
    }

    void judge_start(const whole& by) {
        const std::int64_t partition = partition_of(by);
        bool promised = false;
        bool seen = false;
        for (const whole& one : all_) {
            if (one.type != op_type::ok || one.ended > by.begun) continue;
            if (one.first->f == "delete-records" &&
                one.first->value.view()[0].integer() == partition) {
                promised = promised || one.last->value.view()[1].integer() > told(by, "start");
            }
            if (one.first->f == "scan" && partition_of(one) == partition) {
                seen = seen || told(one, "start") > told(by, "start");
            }
        }
        if (promised) return report("log-start-went-back", asked_.durable);
        if (seen) report("log-start-went-back", false);
    }

    void look_for_reader(const whole& one) {
        for (const datum_view each : one.last->value.view()) {
            const std::int64_t partition = each[1].integer();
            const std::int64_t offset = offset_of(partition, {record_of(each[2]), &one});
            if (offset < 0) continue;
            const bool looked = std::ranges::any_of(all_, [&](const whole& by) {
                return by.first->f == "scan" && by.type == op_type::ok && by.begun > one.ended &&
                       partition_of(by) == partition && told(by, "end") > offset;
            });
            result_.doubts = result_.doubts || !looked;
        }
    }

    const settings& asked_;
    std::int64_t error_;
    std::vector<whole> all_;
    reference_judgement result_;
};

}  // namespace

reference_judgement judge_slowly(std::span<const operation> operations, const settings& asked) {
    return slow_judge(operations, asked).run();
}

}  // namespace verdikt::checker::compaction
