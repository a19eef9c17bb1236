/// eos-offset-mismatch: the group's offsets do not go with the outputs.
///
/// Too low: a transaction that was known to be committed before the offsets were read carries a
/// higher one. Too high or elsewhere: no transaction that may have been committed carries what was
/// read; that cannot be told while the offsets of one that never ended are unknown.
#include "checker/exactly_once/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace verdikt::checker::exactly_once {

namespace {

using history::op_type;

/// An offset that a transaction carries, which is known to be committed.
struct promise {
    std::int64_t next = -1;
    std::uint32_t attempt = none;
};

/// All that was read of one partition. The history may carry millions of offsets; what is kept
/// grows with the reads.
struct partition_reads {
    std::vector<const group_offset*> by_begun = {};
    /// The highest promise that was known before each read began, and not before the one before.
    std::vector<promise> fresh = {};
    /// By offset that was read: the first line of those that may have committed it.
    std::unordered_map<std::int64_t, std::int64_t> carriers = {};
};

class offset_check {
  public:
    offset_check(const evidence& seen, findings& into)
        : seen_(seen), into_(into), reads_(seen.history.partitions.size()) {}

    void run() {
        gather_reads();
        gather_carried();
        for (const partition_reads& here : reads_) look_at(here);
    }

  private:
    void gather_reads() {
        for (const group_offset& one : seen_.history.group_offsets) {
            partition_reads& here = reads_[one.partition];
            here.by_begun.push_back(&one);
            here.carriers.try_emplace(one.offset, never);
        }
        for (partition_reads& here : reads_) {
            std::ranges::sort(here.by_begun, {}, &group_offset::begun);
            here.fresh.resize(here.by_begun.size());
        }
    }

    void gather_carried() {
        for (std::uint32_t row = 0; row < seen_.history.attempts.size(); ++row) {
            const attempt& one = seen_.history.attempts[row];
            if (one.ended == never) unknown_since_ = std::min(unknown_since_, one.begun);
            for (const carried_offset& each : seen_.history.carried_by(one)) {
                partition_reads& here = reads_[each.partition];
                const auto carrier = here.carriers.find(each.next);
                if (one.type != op_type::fail && carrier != here.carriers.end()) {
                    carrier->second = std::min(carrier->second, one.begun);
                }
                note_promise(here, row, each.next);
            }
        }
    }

    void note_promise(partition_reads& here, std::uint32_t row, std::int64_t next) const {
        const std::int64_t since = seen_.known_since(row);
        const auto read = std::ranges::upper_bound(here.by_begun, since, {}, &group_offset::begun);
        if (since == never || read == here.by_begun.end()) return;
        promise& highest = here.fresh[static_cast<std::size_t>(read - here.by_begun.begin())];
        if (highest.attempt == none || highest.next < next) highest = {next, row};
    }

    void look_at(const partition_reads& here) {
        promise highest;
        for (std::size_t at = 0; at < here.by_begun.size(); ++at) {
            const promise& fresh = here.fresh[at];
            const bool higher = highest.attempt == none || highest.next < fresh.next;
            if (fresh.attempt != none && higher) highest = fresh;
            look_at(*here.by_begun[at], highest);
        }
    }

    void look_at(const group_offset& read, const promise& highest) {
        if (highest.attempt != none && read.offset < highest.next) {
            report(read,
                   {read.index,
                    seen_.history.index_of(seen_.history.attempts[highest.attempt]),
                    seen_.shown_by(highest.attempt)},
                   fmt::format("{} carries offset {} and was committed",
                               seen_.operation(highest.attempt),
                               highest.next));
            return;
        }
        if (read.offset < 0 || unknown_since_ < read.ended) return;
        if (reads_[read.partition].carriers.at(read.offset) < read.ended) return;
        report(read, {read.index}, "no transaction that may have been committed carries that");
    }

    void report(const group_offset& read, std::vector<std::int64_t> proof, const std::string& why) {
        into_.add("eos-offset-mismatch", seen_.asked.promises_transactions(), [&] {
            const std::string partition = seen_.history.partitions.text_of(read.partition);
            anomaly what{.operations = in_order(std::move(proof)),
                         .what = fmt::format(
                             "operation {} found {} committed for {}; {}",
                             read.index,
                             read.offset < 0 ? "nothing" : fmt::format("offset {}", read.offset),
                             partition,
                             why)};
            if (read.offset >= 0) what.places.push_back({partition, read.offset});
            return what;
        });
    }

    const evidence& seen_;
    findings& into_;
    std::vector<partition_reads> reads_;
    std::int64_t unknown_since_ = never;
};

}  // namespace

void check_offsets(const evidence& seen, findings& into) {
    offset_check(seen, into).run();
}

}  // namespace verdikt::checker::exactly_once
