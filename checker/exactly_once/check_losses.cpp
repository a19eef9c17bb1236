/// eos-lost: the group has passed an input, and there is no output of it.
///
/// That the group has passed it is told by a transaction that was committed and carries a later
/// offset, or by reading the group's offsets. That there is no output is told only by readers who
/// were given every output partition to its end, all from a time on when that was known already: a
/// reader who began before may have missed the transaction. Without them it is a doubt.
#include "checker/exactly_once/evidence.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::checker::exactly_once {

namespace {

/// How far the group is known to have come in a partition.
struct passed {
    std::int64_t next = -1;
    std::int64_t index = -1;

    void raise(std::int64_t to, std::int64_t shown_by) {
        if (to <= next) return;
        next = to;
        index = shown_by;
    }
};

class loss_check {
  public:
    loss_check(const evidence& seen, findings& into)
        : seen_(seen),
          into_(into),
          covered_(seen.history.partitions.size()),
          ever_(seen.history.partitions.size()) {}

    void run() {
        find_full_reads();
        find_passed();
        for (std::uint32_t which = 0; which < seen_.history.inputs.size(); ++which) look_at(which);
        if (undecided_ == 0) return;
        into_.doubt(
            fmt::format("{} inputs that the group has passed have no output that anybody read, and "
                        "the history shows no full read of the output after that",
                        undecided_));
    }

  private:
    void find_full_reads() {
        if (seen_.history.output_partitions.empty()) return;
        since_ = never;
        for (const std::uint32_t partition : seen_.history.output_partitions) {
            const full_read& read = seen_.history.outputs_read[partition];
            since_ = std::min(since_, read.since);
            readers_.push_back(read.index);
        }
    }

    void find_passed() {
        for (std::uint32_t row = 0; row < seen_.history.attempts.size(); ++row) {
            if (seen_.known_since(row) == never) continue;
            for (const carried_offset& one :
                 seen_.history.carried_by(seen_.history.attempts[row])) {
                note(one.partition, one.next, seen_.known_since(row), seen_.shown_by(row));
            }
        }
        for (const group_offset& one : seen_.history.group_offsets) {
            note(one.partition, one.offset, one.ended, one.index);
        }
    }

    void note(std::uint32_t partition, std::int64_t next, std::int64_t line, std::int64_t index) {
        ever_[partition].raise(next, index);
        if (line < since_) covered_[partition].raise(next, index);
    }

    void look_at(std::uint32_t which) {
        const input& one = seen_.history.inputs[which];
        if (one.partition == none || one.twice) return;
        if (one.offset >= ever_[one.partition].next) return;
        const bool has_output = std::ranges::any_of(
            seen_.outputs_of(which), [](const output& each) { return each.is_read != 0; });
        if (has_output) return;
        if (one.offset >= covered_[one.partition].next) {
            ++undecided_;
            return;
        }
        into_.add("eos-lost", seen_.asked.promises_each_once(), [&] { return describe(which, one); });
    }

    [[nodiscard]] anomaly describe(std::uint32_t which, const input& one) const {
        const passed& by = covered_[one.partition];
        std::vector<std::int64_t> proof = readers_;
        proof.push_back(seen_.history.index_of(one.line));
        proof.push_back(by.index);
        return {.operations = in_order(std::move(proof)),
                .what = fmt::format("operation {} shows that the group went on to offset {} of {}, "
                                    "past {}; no output of it was there when the output was "
                                    "read to its end",
                                    by.index,
                                    by.next,
                                    seen_.history.partitions.text_of(one.partition),
                                    seen_.history.input_text(which)),
                .places = seen_.places(which)};
    }

    const evidence& seen_;
    findings& into_;
    /// The output is known whole up to this line.
    std::int64_t since_ = -1;
    std::vector<std::int64_t> readers_;
    std::vector<passed> covered_;
    std::vector<passed> ever_;
    std::uint64_t undecided_ = 0;
};

}  // namespace

void check_losses(const evidence& seen, findings& into) {
    loss_check(seen, into).run();
}

}  // namespace verdikt::checker::exactly_once
