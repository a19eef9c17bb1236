#include "tests/unit/checker_exactly_once/random_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <random>

namespace verdikt::checker::exactly_once {

namespace {

using history::op_type;

/// What may go wrong; each is drawn on or off for a whole history.
enum class trouble : std::uint8_t {
    /// Outputs without the offsets.
    forget_offsets,
    /// Offsets without the outputs.
    forget_outputs,
    store_twice,
    /// Who was fenced goes on.
    fence_nobody,
    /// What failed stays in the log.
    show_aborted,
    move_offsets,
    send_twice,
    invent,
    count,
};

struct instance {
    std::int64_t process = 0;
    std::string id;
    std::int64_t generation = 0;
    bool fenced = false;
    bool begun = false;
    /// In operations, of the transaction that is open.
    std::optional<std::size_t> open;
};

class generator {
  public:
    explicit generator(std::uint64_t seed) : random_(seed) {
        made_.drawn.inputs = 1 + static_cast<std::int64_t>(pick(2));
        made_.drawn.outputs = 1 + static_cast<std::int64_t>(pick(2));
        const bool clean = pick(4) == 0;
        for (bool& on : troubles_) on = !clean && pick(5) == 0;
        made_.clean = std::ranges::none_of(troubles_, std::identity());
        unknown_ = pick(2) == 0;
        instances_.resize(1 + pick(3));
        for (instance& one : instances_) replace(one, true);
    }

    random_history run() {
        close(open("topics", next_process_++), op_type::ok);
        for (std::size_t steps = 10 + pick(60); steps > 0; --steps) step();
        if (pick(5) > 0) look_at_offsets();
        if (pick(5) > 0) read_all();
        if (pick(5) > 0) look_at_offsets();
        return std::move(made_);
    }

  private:
    std::size_t pick(std::size_t below) { return random_() % below; }
    bool happens(trouble what) { return troubles_[static_cast<std::size_t>(what)] && pick(3) == 0; }
    plain_operation& at(std::size_t which) { return made_.drawn.operations[which]; }

    std::size_t open(std::string f, std::int64_t process) {
        plain_operation one;
        one.f = std::move(f);
        one.process = process;
        one.begun = next_line_++;
        made_.drawn.operations.push_back(std::move(one));
        return made_.drawn.operations.size() - 1;
    }

    void close(std::size_t which, op_type type) {
        at(which).ended = next_line_++;
        at(which).type = type;
    }

    void step() {
        switch (pick(12)) {
            case 0:
            case 1:
                return send();
            case 2:
                ++generation_;
                return;
            case 3:
                return pick(2) == 0 ? read_all() : look_at_offsets();
            default:
                return act(instances_[pick(instances_.size())]);
        }
    }

    void send() {
        const auto partition = pick(static_cast<std::size_t>(made_.drawn.inputs));
        auto& log = inputs_[partition];
        std::int64_t next = log.empty() ? 0 : log.back().offset + 1;
        if (pick(4) == 0) next += 2;
        log.push_back({static_cast<std::int64_t>(partition), next, next_input_});
        if (happens(trouble::send_twice)) {
            log.push_back({static_cast<std::int64_t>(partition), next + 1, next_input_});
        }
        ++next_input_;
    }

    void replace(instance& one, bool fresh_id) {
        const std::string id = fresh_id ? fmt::format("id-{}", next_process_) : one.id;
        one = {.process = next_process_++, .id = id};
    }

    void act(instance& one) {
        if (!one.begun) return begin(one);
        if (one.open) return end(one);
        if (pick(8) == 0) return takeover(one);
        // A member that was not there for a while may be of an earlier generation.
        if (pick(3) > 0) one.generation = generation_;
        one.open = open("txn", one.process);
        at(*one.open).attempt = next_attempt_++;
        if (pick(3) == 0) {
            at(*one.open).offsets_asked = next_line_ * 1000 - 500;
            at(*one.open).commit_asked = next_line_ * 1000 - 400;
        }
    }

    void begin(instance& one) {
        const std::size_t init = open("init", one.process);
        at(init).id = one.id;
        one.generation = generation_;
        one.begun = true;
        // Whatever its outcome, it may have fenced them.
        for (instance& each : instances_) {
            if (each.id == one.id && each.process != one.process) each.fenced = true;
        }
        const std::size_t fate = pick(8);
        close(init, fate == 0 ? op_type::fail : fate == 1 ? op_type::info : op_type::ok);
        if (fate < 2) replace(one, pick(2) == 0);
    }

    /// Another process takes the id; this one may not have heard of it.
    void takeover(instance& one) {
        instance next;
        next = {.process = next_process_++, .id = one.id};
        begin(next);
        if (pick(2) == 0) {
            one = next;
        } else {
            instances_.push_back(next);
        }
    }

    void end(instance& one) {
        const std::size_t which = *one.open;
        one.open.reset();
        plain_operation& txn = at(which);
        const bool stale = one.fenced || one.generation < generation_;
        const bool allowed = !stale || happens(trouble::fence_nobody);
        const std::size_t fate = pick(10);
        op_type type = op_type::ok;
        if (!allowed || fate == 0) type = op_type::fail;
        if (unknown_ && fate == 1) type = op_type::info;
        read(txn);
        txn.generation = one.generation;
        if (txn.commit_asked < 0 || !made_.clean) ask(txn, one);
        const bool happened =
            allowed && (type == op_type::ok || (type == op_type::info && pick(2) == 0));
        if (happened) apply(txn);
        if (type == op_type::fail && happens(trouble::show_aborted)) store(txn);
        if (type == op_type::info && pick(3) == 0) {
            // It never says how it ended, nor what it meant to do.
            txn.offsets.clear();
            txn.polled.clear();
            txn.sent.clear();
            txn.generation = -1;
            return replace(one, pick(2) == 0);
        }
        if (type != op_type::ok || pick(4) == 0) forget_places(txn);
        close(which, type);
        if (type == op_type::info) replace(one, pick(2) == 0);
    }

    /// Asked now, which is after all that is recorded so far.
    void ask(plain_operation& txn, const instance& one) {
        if (txn.commit_asked >= 0 && !one.fenced) return;
        txn.offsets_asked = pick(4) == 0 ? -1 : next_line_ * 1000 - 300;
        txn.commit_asked = pick(4) == 0 ? -1 : next_line_ * 1000 - 200;
    }

    void read(plain_operation& txn) {
        for (std::int64_t partition = 0; partition < made_.drawn.inputs; ++partition) {
            const auto key = static_cast<std::size_t>(partition);
            std::size_t count = pick(4);
            for (const plain_record& each : inputs_[key]) {
                if (count == 0) break;
                if (each.offset < group_[key]) continue;
                --count;
                txn.polled.push_back(each);
                txn.offsets[partition] = each.offset + 1;
                const auto to = 100 + static_cast<std::int64_t>(
                                          pick(static_cast<std::size_t>(made_.drawn.outputs)));
                txn.sent.push_back({to, -1, each.input, txn.attempt});
            }
        }
    }

    void apply(plain_operation& txn) {
        if (!happens(trouble::forget_outputs)) store(txn);
        if (happens(trouble::forget_offsets)) return;
        for (const auto& [partition, next] : txn.offsets) {
            group_[static_cast<std::size_t>(partition)] = next;
        }
    }

    void store(plain_operation& txn) {
        for (plain_record& each : txn.sent) {
            auto& log = outputs_[static_cast<std::size_t>(each.partition - 100)];
            each.offset = static_cast<std::int64_t>(log.size());
            log.push_back(each);
            if (!happens(trouble::store_twice)) continue;
            log.push_back(each);
            log.back().offset = static_cast<std::int64_t>(log.size() - 1);
        }
    }

    void forget_places(plain_operation& txn) {
        for (plain_record& each : txn.sent) each.offset = -1;
    }

    void look_at_offsets() {
        if (happens(trouble::move_offsets)) {
            group_[pick(2)] = static_cast<std::int64_t>(pick(8));
        }
        const std::size_t asked = open("committed", next_process_++);
        for (std::int64_t partition = 0; partition < made_.drawn.inputs; ++partition) {
            auto& shown = at(asked).committed[partition];
            const std::int64_t offset = group_[static_cast<std::size_t>(partition)];
            if (offset > 0) shown = offset;
        }
        close(asked, pick(8) == 0 ? op_type::fail : op_type::ok);
    }

    void read_all() {
        const std::int64_t process = next_process_++;
        if (pick(6) > 0) close(open("assign", process), op_type::ok);
        const std::size_t poll = open("poll", process);
        for (std::int64_t partition = 0; partition < made_.drawn.outputs; ++partition) {
            if (pick(8) == 0) continue;
            const auto& log = outputs_[static_cast<std::size_t>(partition)];
            at(poll).polled.insert(at(poll).polled.end(), log.begin(), log.end());
            if (pick(8) > 0) at(poll).read_to_end.insert(100 + partition);
        }
        if (happens(trouble::invent)) {
            at(poll).polled.push_back({100, 700, static_cast<std::int64_t>(pick(10)), 9000});
        }
        for (std::int64_t partition = 0; partition < made_.drawn.inputs; ++partition) {
            if (pick(3) == 0) continue;
            const auto& log = inputs_[static_cast<std::size_t>(partition)];
            at(poll).polled.insert(at(poll).polled.end(), log.begin(), log.end());
        }
        close(poll, pick(10) == 0 ? op_type::fail : op_type::ok);
    }

    std::mt19937_64 random_;
    std::array<bool, static_cast<std::size_t>(trouble::count)> troubles_{};
    bool unknown_ = false;
    std::array<std::vector<plain_record>, 2> inputs_;
    std::array<std::vector<plain_record>, 2> outputs_;
    std::array<std::int64_t, 2> group_{};
    std::vector<instance> instances_;
    std::int64_t generation_ = 1;
    std::int64_t next_process_ = 0;
    std::int64_t next_line_ = 0;
    std::int64_t next_input_ = 1;
    std::int64_t next_attempt_ = 1;
    random_history made_;
};

}  // namespace

random_history draw_history(std::uint64_t seed) {
    return generator(seed).run();
}

}  // namespace verdikt::checker::exactly_once
