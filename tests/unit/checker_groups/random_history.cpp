#include "tests/unit/checker_groups/random_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <random>

namespace verdikt::checker::groups {

namespace {

using history::op_type;

constexpr std::int64_t millisecond = 1'000'000;

/// What may go wrong; each is drawn on or off for a whole history.
enum class trouble : std::uint8_t {
    /// A commit of a generation that is over is accepted.
    accept_stale,
    /// A partition is given to two members.
    share,
    lose_commit,
    fall_back,
    forget,
    skip,
    /// A partition is given to nobody.
    leave_out,
    count,
};

struct member {
    std::int64_t process = 0;
    std::string instance;
    std::int64_t generation = -1;
    /// Offsets to read next of what it owns.
    std::map<std::int64_t, std::int64_t> positions;
    /// In operations: its commit that is under way.
    std::optional<std::size_t> open;
};

/// A commit that may come a second time.
struct straggler {
    std::int64_t generation = -1;
    std::map<std::int64_t, std::optional<std::int64_t>> offsets;
};

class generator {
  public:
    explicit generator(std::uint64_t seed) : random_(seed) {
        made_.drawn.partitions = 1 + static_cast<std::int64_t>(pick(3));
        const auto partitions = static_cast<std::size_t>(made_.drawn.partitions);
        logs_.resize(partitions);
        committed_.resize(partitions, -1);
        const bool clean = pick(4) == 0;
        for (bool& on : troubles_) on = !clean && pick(5) == 0;
        made_.clean = std::ranges::none_of(troubles_, std::identity());
        unknown_ = pick(2) == 0;
        calm_ = pick(3) == 0;
    }

    random_history run() {
        join("");
        for (std::size_t steps = 20 + pick(80); steps > 0; --steps) step();
        if (pick(2) == 0) {
            for (member& one : members_) {
                if (!one.open) poll(one);
            }
        }
        return std::move(made_);
    }

  private:
    std::size_t pick(std::size_t below) { return random_() % below; }
    bool happens(trouble what) { return troubles_[static_cast<std::size_t>(what)] && pick(3) == 0; }
    plain_operation& at(std::size_t which) { return made_.drawn.operations[which]; }
    std::int64_t any_partition() {
        return static_cast<std::int64_t>(pick(static_cast<std::size_t>(made_.drawn.partitions)));
    }

    std::int64_t tick() {
        now_ += static_cast<std::int64_t>(1 + pick(5)) * millisecond;
        return now_;
    }

    std::size_t open(std::string f, std::int64_t process) {
        plain_operation one;
        one.f = std::move(f);
        one.process = process;
        one.begun = next_line_++;
        one.begun_at = tick();
        made_.drawn.operations.push_back(std::move(one));
        return made_.drawn.operations.size() - 1;
    }

    void close(std::size_t which, op_type type) {
        at(which).ended = next_line_++;
        at(which).ended_at = tick();
        at(which).type = type;
    }

    void step() {
        if (members_.empty()) return join("");
        member& one = members_[pick(members_.size())];
        switch (pick(16)) {
            case 0:
            case 1:
                return send();
            case 2:
                return join(pick(2) == 0 ? "" : fmt::format("static-{}", pick(2)));
            case 3:
                return leave(one);
            case 4:
                return look(one);
            case 5:
                return meddle();
            case 6:
                return wait();
            case 7:
            case 8:
            case 9:
            case 10:
                if (!one.open) poll(one);
                return;
            default:
                return one.open ? end_commit(one) : begin_commit(one);
        }
    }

    void send() {
        const std::size_t sent = open("send", next_process_++);
        const std::int64_t partition = any_partition();
        auto& log = logs_[static_cast<std::size_t>(partition)];
        for (std::size_t count = 1 + pick(4); count > 0; --count) {
            const std::int64_t next = log.empty() ? 0 : log.back() + 1 + (pick(6) == 0 ? 2 : 0);
            log.push_back(next);
            if (pick(8) > 0) at(sent).messages.push_back({partition, next});
        }
        close(sent, op_type::ok);
    }

    void join(std::string instance) {
        // A static member that comes back takes the place of its former life.
        std::erase_if(members_, [&](const member& each) {
            const bool same = !instance.empty() && each.instance == instance;
            if (same && !each.open) former_.push_back(each);
            return same;
        });
        member one{.process = next_process_++, .instance = std::move(instance)};
        const std::size_t joined = open("subscribe", one.process);
        at(joined).instance = one.instance;
        close(joined, op_type::ok);
        members_.push_back(one);
        rebalance();
    }

    void rebalance() {
        // Those that are gone may not know it yet.
        ++generation_;
        owners_.clear();
        if (members_.empty()) return;
        for (std::int64_t each = 0; each < made_.drawn.partitions; ++each) {
            if (happens(trouble::leave_out)) continue;
            owners_[each].insert(members_[pick(members_.size())].process);
            if (happens(trouble::share))
                owners_[each].insert(members_[pick(members_.size())].process);
        }
    }

    void leave(member& one) {
        if (one.open) return;
        const auto which = static_cast<std::size_t>(&one - members_.data());
        const std::size_t fate = pick(3);
        if (fate == 0) {
            close(open("crash", one.process), op_type::info);
        } else if (fate == 1) {
            const std::size_t left = open("unsubscribe", one.process);
            revoke(one, left);
            close(left, op_type::ok);
        } else {
            // It goes on, and does not know.
            former_.push_back(one);
        }
        members_.erase(members_.begin() + static_cast<std::ptrdiff_t>(which));
        rebalance();
    }

    void revoke(member& one, std::size_t during) {
        if (one.positions.empty()) return;
        plain_change change{.event = "revoked", .at = tick(), .generation = one.generation};
        for (const auto& [partition, position] : one.positions) change.keys.insert(partition);
        at(during).changes.push_back(change);
        one.positions.clear();
    }

    void poll(member& one) {
        const std::size_t polled = open("poll", one.process);
        if (one.generation != generation_) take_partitions(one, polled);
        const bool ok = pick(10) > 0;
        for (auto& [partition, position] : one.positions) {
            if (!ok) break;
            std::size_t count = pick(4);
            for (const std::int64_t offset : logs_[static_cast<std::size_t>(partition)]) {
                if (offset < position || count == 0) continue;
                --count;
                at(polled).messages.push_back({partition, offset});
                position = offset + 1;
            }
        }
        close(polled, ok ? op_type::ok : op_type::fail);
    }

    void take_partitions(member& one, std::size_t polled) {
        revoke(one, polled);
        one.generation = generation_;
        plain_change change{.event = "assigned", .at = tick(), .generation = generation_};
        for (const auto& [partition, owners] : owners_) {
            if (!owners.contains(one.process)) continue;
            change.keys.insert(partition);
            std::int64_t from =
                std::max<std::int64_t>(0, committed_[static_cast<std::size_t>(partition)]);
            const auto& log = logs_[static_cast<std::size_t>(partition)];
            if (happens(trouble::skip) && !log.empty()) from = log.back();
            one.positions[partition] = from;
        }
        at(polled).changes.push_back(change);
    }

    void begin_commit(member& one) {
        if (one.positions.empty()) return;
        const std::size_t sent = open("commit", one.process);
        for (const auto& [partition, position] : one.positions) {
            if (pick(4) > 0) at(sent).offsets[partition] = position;
        }
        if (pick(8) > 0) at(sent).generation = one.generation;
        one.open = sent;
    }

    void end_commit(member& one) {
        const std::size_t which = *one.open;
        one.open.reset();
        if (pick(4) == 0) now_ += 150 * millisecond;
        const bool slow = now_ - at(which).begun_at >= 100 * millisecond;
        const bool allowed = one.generation == generation_ || happens(trouble::accept_stale);
        const bool unknown = unknown_ && pick(6) == 0;
        const auto offsets = at(which).offsets;
        if (allowed && !happens(trouble::lose_commit) && (!unknown || pick(2) == 0)) apply(offsets);
        if (allowed && (unknown || slow)) stragglers_.push_back({one.generation, offsets});
        if (!unknown) return close(which, allowed ? op_type::ok : op_type::fail);
        if (pick(2) == 0) close(which, op_type::info);
        // Its outcome unknown, a process never acts again.
        const auto at_member = static_cast<std::size_t>(&one - members_.data());
        members_.erase(members_.begin() + static_cast<std::ptrdiff_t>(at_member));
        rebalance();
    }

    void apply(const std::map<std::int64_t, std::optional<std::int64_t>>& offsets) {
        for (const auto& [partition, next] : offsets) {
            std::int64_t& here = committed_[static_cast<std::size_t>(partition)];
            here = *next;
        }
    }

    void look(member& one) {
        if (one.open) return;
        const bool stranger = pick(4) == 0;
        const std::size_t asked = open("committed", stranger ? next_process_++ : one.process);
        // A member that was not told its generation yet does not know which it belongs to.
        if (!stranger && pick(4) > 0 && one.generation == generation_) {
            at(asked).generation = one.generation;
        }
        for (std::int64_t each = 0; each < made_.drawn.partitions; ++each) {
            auto& shown = at(asked).offsets[each];
            const std::int64_t here = committed_[static_cast<std::size_t>(each)];
            if (here >= 0) shown = here;
        }
        close(asked, pick(8) == 0 ? op_type::fail : op_type::ok);
    }

    /// Something changes what is committed, or a commit comes a second time.
    void meddle() {
        std::int64_t& here = committed_[static_cast<std::size_t>(any_partition())];
        if (happens(trouble::fall_back) && here > 1) here = static_cast<std::int64_t>(pick(4));
        if (happens(trouble::forget)) here = -1;
        if (!stragglers_.empty() && pick(2) == 0) {
            if (stragglers_.back().generation == generation_) apply(stragglers_.back().offsets);
            stragglers_.pop_back();
        }
        if (!former_.empty() && pick(2) == 0) stale_commit();
        if (pick(12) == 0) reset();
        if (pick(8) == 0) {
            plain_operation fault;
            fault.f = "kill";
            fault.process = history::nemesis_process;
            fault.begun = fault.ended = next_line_++;
            fault.begun_at = fault.ended_at = tick();
            made_.drawn.operations.push_back(fault);
        }
    }

    /// Of one that does not know that the group went on without it.
    void stale_commit() {
        member& one = former_.back();
        if (one.positions.empty()) return former_.pop_back();
        const std::size_t sent = open("commit", one.process);
        for (const auto& [partition, position] : one.positions)
            at(sent).offsets[partition] = position;
        at(sent).generation = one.generation;
        const bool accepted = happens(trouble::accept_stale);
        if (accepted) apply(at(sent).offsets);
        close(sent, accepted ? op_type::ok : op_type::fail);
    }

    void reset() {
        const std::size_t which = open("reset", next_process_++);
        const std::int64_t partition = any_partition();
        at(which).offsets[partition] = static_cast<std::int64_t>(pick(4));
        apply(at(which).offsets);
        if (pick(6) > 0) close(which, pick(6) == 0 ? op_type::info : op_type::ok);
    }

    /// Everybody learns what is new, and then nothing happens for a while.
    void wait() {
        const bool busy =
            std::ranges::any_of(members_, [](const member& one) { return one.open.has_value(); });
        if (!calm_ || busy || pick(3) > 0) return;
        for (member& one : members_) poll(one);
        now_ += (20 + static_cast<std::int64_t>(pick(40))) * 1'000 * millisecond;
    }

    std::mt19937_64 random_;
    std::array<bool, static_cast<std::size_t>(trouble::count)> troubles_{};
    bool unknown_ = false;
    bool calm_ = false;
    std::vector<std::vector<std::int64_t>> logs_;
    std::vector<std::int64_t> committed_;
    std::map<std::int64_t, std::set<std::int64_t>> owners_;
    std::vector<member> members_;
    std::vector<member> former_;
    std::vector<straggler> stragglers_;
    std::int64_t generation_ = 0;
    std::int64_t next_process_ = 0;
    std::int64_t next_line_ = 0;
    std::int64_t now_ = 0;
    random_history made_;
};

}  // namespace

random_history draw_history(std::uint64_t seed) {
    return generator(seed).run();
}

}  // namespace verdikt::checker::groups
