/// eos-offset-mismatch: the group's offsets do not go with the outputs.
///
/// Too low: a transaction that was known to be committed before the offsets were read carries a
/// higher one. Too high or elsewhere: no transaction that may have been committed carries what was
/// read; that cannot be told while the offsets of one that never ended are unknown.
#include "checker/exactly_once/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace verdikt::checker::exactly_once {

namespace {

using history::op_type;

/// What a transaction carries, and since when it is known to be committed.
struct promise {
    std::int64_t line = never;
    carried_offset what;
    std::uint32_t attempt = none;
};

class offset_check {
  public:
    offset_check(const evidence& seen, findings& into)
        : seen_(seen), into_(into), carriers_(seen.history.partitions.size()) {}

    void run() {
        gather();
        std::vector<const group_offset*> reads;
        for (const group_offset& one : seen_.history.group_offsets) reads.push_back(&one);
        std::ranges::sort(reads, {}, [](const group_offset* one) { return one->begun; });
        std::vector<const promise*> highest(seen_.history.partitions.size(), nullptr);
        std::size_t at = 0;
        for (const group_offset* read : reads) {
            for (; at < promises_.size() && promises_[at].line < read->begun; ++at) {
                const promise*& here = highest[promises_[at].what.partition];
                if (here == nullptr || here->what.next < promises_[at].what.next) {
                    here = &promises_[at];
                }
            }
            look_at(*read, highest[read->partition]);
        }
    }

  private:
    void gather() {
        for (std::uint32_t row = 0; row < seen_.history.attempts.size(); ++row) {
            const attempt& one = seen_.history.attempts[row];
            if (one.ended == never) unknown_since_ = std::min(unknown_since_, one.begun);
            for (const carried_offset& each : seen_.history.carried_by(one)) {
                if (one.type != op_type::fail) {
                    auto& begun =
                        carriers_[each.partition].try_emplace(each.next, never).first->second;
                    begun = std::min(begun, one.begun);
                }
                if (seen_.known_since(row) != never) {
                    promises_.push_back({seen_.known_since(row), each, row});
                }
            }
        }
        std::ranges::sort(promises_, {}, [](const promise& one) {
            return std::tuple(one.line, one.attempt, one.what.partition, one.what.next);
        });
    }

    void look_at(const group_offset& read, const promise* highest) {
        if (highest != nullptr && read.offset < highest->what.next) {
            report(read,
                   {read.index,
                    seen_.history.attempts[highest->attempt].index,
                    seen_.shown_by(highest->attempt)},
                   fmt::format("{} carries offset {} and was committed",
                               seen_.operation(highest->attempt),
                               highest->what.next));
            return;
        }
        if (read.offset < 0 || unknown_since_ < read.ended) return;
        const auto& carriers = carriers_[read.partition];
        const auto found = carriers.find(read.offset);
        if (found != carriers.end() && found->second < read.ended) return;
        report(read, {read.index}, "no transaction that may have been committed carries that");
    }

    void report(const group_offset& read, std::vector<std::int64_t> proof, const std::string& why) {
        into_.add("eos-offset-mismatch", seen_.asked.promised(), [&] {
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
    std::vector<promise> promises_;
    /// By partition and offset: the first line of those that may have committed it.
    std::vector<std::unordered_map<std::int64_t, std::int64_t>> carriers_;
    std::int64_t unknown_since_ = never;
};

}  // namespace

void check_offsets(const evidence& seen, findings& into) {
    offset_check(seen, into).run();
}

}  // namespace verdikt::checker::exactly_once
