#include "tests/unit/checker_exactly_once/reference.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace verdikt::checker::exactly_once {

namespace {

using history::op_type;
using operations = std::vector<plain_operation>;

bool is_input(const plain_record& one) {
    return one.partition < 100;
}

class judge {
  public:
    explicit judge(const plain_history& history) : history_(history), all_(history.operations) {}

    reference_judgement run() {
        const auto committed = [](const plain_operation& one) {
            return one.f == "txn" && one.ok();
        };
        const auto looked = [](const plain_operation& one) {
            return one.f == "committed" && one.ok();
        };
        if (std::ranges::none_of(all_, committed)) said_.doubtful = true;
        if (std::ranges::none_of(all_, looked)) said_.doubtful = true;
        for (const plain_record& one : inputs()) {
            if (places_of_input(one.input).size() > 1) continue;
            if (outputs_of(one.input).size() > 1) said_.seen.insert("eos-duplicate");
            look_for_loss(one);
        }
        // An input that nobody polled may have outputs all the same.
        for (const plain_record& one : named_outputs()) {
            if (places_of_input(one.input).size() > 1) continue;
            if (outputs_of(one.input).size() > 1) said_.seen.insert("eos-duplicate");
        }
        for (const plain_operation& one : all_) {
            if (one.f == "txn" && is_zombie(one)) said_.seen.insert("eos-zombie");
            if (one.f != "committed" || !one.ok()) continue;
            for (const auto& [partition, offset] : one.committed) {
                if (mismatches(one, partition, offset.value_or(-1))) {
                    said_.seen.insert("eos-offset-mismatch");
                }
            }
        }
        return said_;
    }

  private:
    /// Reads that happened: those of readers if they succeeded, those of transactions if they
    /// ended.
    [[nodiscard]] static bool tells(const plain_operation& one) {
        if (one.f == "poll") return one.ok();
        return one.f == "txn" && one.ended != plain_operation::never;
    }

    [[nodiscard]] std::vector<plain_record> inputs() const {
        std::vector<plain_record> all;
        for (const plain_operation& one : all_) {
            if (!tells(one)) continue;
            for (const plain_record& each : one.polled) {
                if (is_input(each)) all.push_back(each);
            }
        }
        return all;
    }

    [[nodiscard]] std::set<std::pair<std::int64_t, std::int64_t>> places_of_input(
        std::int64_t input) const {
        std::set<std::pair<std::int64_t, std::int64_t>> places;
        for (const plain_record& one : inputs()) {
            if (one.input == input) places.insert({one.partition, one.offset});
        }
        return places;
    }

    /// Outputs that readers were given.
    [[nodiscard]] std::vector<std::pair<plain_record, const plain_operation*>> read_outputs()
        const {
        std::vector<std::pair<plain_record, const plain_operation*>> all;
        for (const plain_operation& one : all_) {
            if (one.f != "poll" || !one.ok()) continue;
            for (const plain_record& each : one.polled) {
                if (!is_input(each)) all.emplace_back(each, &one);
            }
        }
        return all;
    }

    [[nodiscard]] std::vector<plain_record> named_outputs() const {
        std::vector<plain_record> all;
        for (const auto& [each, by] : read_outputs()) all.push_back(each);
        for (const plain_operation& one : all_) {
            if (one.f == "txn" && one.ok()) all.insert(all.end(), one.sent.begin(), one.sent.end());
        }
        return all;
    }

    [[nodiscard]] bool is_attempt(std::int64_t number) const {
        return std::ranges::any_of(
            all_, [&](const plain_operation& one) { return one.attempt == number; });
    }

    /// Attempt, partition, offset; an output whose place nobody tells is at offset -1.
    [[nodiscard]] std::set<std::tuple<std::int64_t, std::int64_t, std::int64_t>> outputs_of(
        std::int64_t input) const {
        std::set<std::tuple<std::int64_t, std::int64_t, std::int64_t>> places;
        const auto all = named_outputs();
        for (const plain_record& one : all) {
            const std::int64_t by = is_attempt(one.attempt) ? one.attempt : -1;
            if (one.input == input && one.offset >= 0) {
                places.insert({by, one.partition, one.offset});
            }
        }
        for (const plain_record& one : all) {
            if (one.input != input || one.offset >= 0) continue;
            const bool placed = std::ranges::any_of(
                places, [&](const auto& each) { return std::get<0>(each) == one.attempt; });
            if (!placed) places.insert({one.attempt, 0, -1});
        }
        return places;
    }

    /// The line since which it is known to be committed.
    [[nodiscard]] std::optional<std::int64_t> known_since(const plain_operation& txn) const {
        if (txn.ok()) return txn.ended;
        if (txn.type == op_type::fail) return std::nullopt;
        std::optional<std::int64_t> first;
        for (const auto& [each, by] : read_outputs()) {
            if (each.attempt == txn.attempt) first = std::min(first.value_or(by->ended), by->ended);
        }
        return first;
    }

    /// All output is known up to that line.
    [[nodiscard]] std::int64_t output_known_since() const {
        std::int64_t worst = plain_operation::never;
        for (std::int64_t partition = 100; partition < 100 + history_.outputs; ++partition) {
            std::int64_t best = -1;
            for (const plain_operation& poll : all_) {
                if (poll.f != "poll" || !poll.ok() || !poll.read_to_end.contains(partition))
                    continue;
                for (const plain_operation& assign : all_) {
                    const bool own = assign.f == "assign" && assign.process == poll.process;
                    if (own && assign.ended < poll.begun) best = std::max(best, assign.begun);
                }
            }
            worst = std::min(worst, best);
        }
        return worst;
    }

    void look_for_loss(const plain_record& one) {
        for (const auto& [each, by] : read_outputs()) {
            if (each.input == one.input) return;
        }
        bool passed = false;
        bool covered = false;
        const auto note = [&](std::int64_t next, std::int64_t line) {
            if (next <= one.offset) return;
            passed = true;
            covered = covered || line < output_known_since();
        };
        for (const plain_operation& each : all_) {
            if (each.f == "txn" && known_since(each) && each.offsets.contains(one.partition)) {
                note(each.offsets.at(one.partition), *known_since(each));
            }
            if (each.f == "committed" && each.ok() && each.committed.contains(one.partition)) {
                note(each.committed.at(one.partition).value_or(-1), each.ended);
            }
        }
        if (covered) said_.seen.insert("eos-lost");
        if (passed && !covered) said_.doubtful = true;
    }

    [[nodiscard]] bool is_zombie(const plain_operation& txn) const {
        bool took_effect = txn.ok();
        for (const auto& [each, by] : read_outputs()) {
            took_effect = took_effect || each.attempt == txn.attempt;
        }
        if (!took_effect) return false;
        const std::int64_t commit = txn.commit_asked < 0 ? txn.begun_at() : txn.commit_asked;
        const std::int64_t offsets = txn.offsets_asked < 0 ? txn.begun_at() : txn.offsets_asked;
        for (const plain_operation& own : all_) {
            if (own.f != "init" || !own.ok() || own.process != txn.process) continue;
            for (const plain_operation& other : all_) {
                if (other.f != "init" || !other.ok() || other.id != own.id) continue;
                if (other.begun > own.ended && other.ended_at() < commit) return true;
            }
        }
        if (txn.generation < 0 || txn.offsets.empty()) return false;
        return std::ranges::any_of(all_, [&](const plain_operation& other) {
            return other.f == "txn" && other.ok() && !other.offsets.empty() &&
                   other.generation > txn.generation && other.ended_at() < offsets;
        });
    }

    [[nodiscard]] bool mismatches(const plain_operation& look,
                                  std::int64_t partition,
                                  std::int64_t offset) const {
        for (const plain_operation& txn : all_) {
            if (txn.f != "txn" || !txn.offsets.contains(partition)) continue;
            const auto since = known_since(txn);
            if (since && *since < look.begun && offset < txn.offsets.at(partition)) return true;
        }
        if (offset < 0) return false;
        for (const plain_operation& txn : all_) {
            if (txn.f != "txn" || txn.begun >= look.ended || txn.type == op_type::fail) continue;
            if (txn.ended == plain_operation::never) return false;
            if (txn.offsets.contains(partition) && txn.offsets.at(partition) == offset)
                return false;
        }
        return true;
    }

    const plain_history& history_;
    const operations& all_;
    reference_judgement said_;
};

}  // namespace

reference_judgement judge_slowly(const plain_history& history) {
    return judge(history).run();
}

}  // namespace verdikt::checker::exactly_once
