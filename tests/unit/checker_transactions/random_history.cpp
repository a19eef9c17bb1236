#include "tests/unit/checker_transactions/random_history.h"

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <utility>

namespace verdikt::checker {

namespace {

using history::op_type;
using history::operation;
using elements = std::vector<std::int64_t>;

enum class isolation : std::uint8_t { whole, snapshot, step_by_step, sites };

/// Several copies of the store. What is committed at one of them is seen at another later, and not
/// in the same order, but for what was written to one key.
class copies {
  public:
    explicit copies(std::uint64_t how_many) : seen_(how_many) {}

    void commit(std::uint64_t site,
                const std::vector<std::pair<std::int64_t, std::int64_t>>& writes) {
        for (const auto& [key, value] : writes) {
            elements_[key].push_back(value);
            commit_of_[value] = commits_.size();
        }
        commits_.push_back(writes);
        see(site, commits_.size() - 1);
    }

    /// With all that was written to its keys before.
    void see(std::uint64_t site, std::size_t commit) {
        if (!seen_[site].insert(commit).second) return;
        for (const auto& [key, value] : commits_[commit]) {
            for (const std::int64_t before : elements_[key]) {
                if (before == value) break;
                see(site, commit_of_[before]);
            }
        }
    }

    [[nodiscard]] std::map<std::int64_t, elements> view(std::uint64_t site) const {
        std::map<std::int64_t, elements> all;
        for (const auto& [key, list] : elements_) {
            for (const std::int64_t value : list) {
                if (seen_[site].contains(commit_of_.at(value))) all[key].push_back(value);
            }
        }
        return all;
    }

    [[nodiscard]] std::size_t sites() const { return seen_.size(); }
    [[nodiscard]] std::size_t commits() const { return commits_.size(); }

  private:
    std::vector<std::vector<std::pair<std::int64_t, std::int64_t>>> commits_;
    std::map<std::int64_t, elements> elements_;
    std::map<std::int64_t, std::size_t> commit_of_;
    std::vector<std::set<std::size_t>> seen_;
};

struct micro_operation {
    bool writes = false;
    std::int64_t key = 0;
    std::int64_t value = 0;
    std::optional<elements> read;
};

struct process {
    std::int64_t name = 0;
    bool busy = false;
    std::vector<micro_operation> steps;
    std::size_t done = 0;
    std::map<std::int64_t, elements> snapshot;
    op_type outcome = op_type::ok;
    bool lost = false;
    std::uint64_t site = 0;
};

class generator {
  public:
    generator(std::uint64_t seed, dialect what) : random_(seed), last_(seed), dialect_(what) {
        keys_ = 1 + pick(3);
        transactions_ = 3 + pick(6);
        processes_.resize(2 + pick(3));
        for (process& one : processes_) one.name = next_process_++;
        for (process& one : processes_) one.site = pick(copies_.sites());
        isolation_ = static_cast<isolation>(pick(4));
        damage_ = pick(3) == 0 ? 1 + pick(4) : 0;
        careless_ = pick(3) == 0;
        wandering_ = pick(2) == 0;
        clean_ = isolation_ == isolation::whole && damage_ == 0 && !careless_;
    }

    random_history run() {
        while (started_ < transactions_ || std::ranges::any_of(processes_, &process::busy)) {
            advance(processes_[pick(processes_.size())]);
        }
        // Some never end.
        result_.clean = clean_;
        return std::move(result_);
    }

  private:
    std::uint64_t pick(std::uint64_t below) { return random_() % below; }

    void advance(process& one) {
        if (!one.busy) {
            if (started_ < transactions_) begin(one);
        } else if (one.done < one.steps.size()) {
            const bool all = isolation_ != isolation::step_by_step;
            do perform(one);
            while (all && one.done < one.steps.size());
            if (isolation_ == isolation::sites && !one.lost) commit(one);
        } else {
            end(one);
        }
    }

    void begin(process& one) {
        ++started_;
        one.busy = true;
        one.done = 0;
        one.snapshot = snapshot_for(one);
        one.steps.assign(1 + pick(3), {});
        for (micro_operation& step : one.steps) {
            step = {.writes = pick(2) == 0, .key = static_cast<std::int64_t>(pick(keys_))};
            if (step.writes) step.value = ++next_value_;
        }
        const std::uint64_t fate = pick(10);
        one.outcome = fate == 0 ? op_type::fail : fate == 1 ? op_type::info : op_type::ok;
        // What failed is not done, unless something is wrong; what is unknown may be or not.
        one.lost = one.outcome == op_type::fail   ? !careless_ || pick(2) == 0
                   : one.outcome == op_type::info ? pick(2) == 0
                                                  : careless_ && pick(6) == 0;
        record(one, op_type::invoke);
    }

    [[nodiscard]] bool reads_snapshots() const {
        return isolation_ == isolation::snapshot || isolation_ == isolation::sites;
    }

    [[nodiscard]] std::map<std::int64_t, elements> snapshot_for(process& one) {
        if (isolation_ != isolation::sites) return store_;
        if (wandering_) one.site = pick(copies_.sites());
        for (std::uint64_t news = pick(3); news > 0 && copies_.commits() > 0; --news) {
            copies_.see(pick(copies_.sites()), pick(copies_.commits()));
        }
        return copies_.view(one.site);
    }

    void commit(const process& one) {
        std::vector<std::pair<std::int64_t, std::int64_t>> writes;
        for (const micro_operation& step : one.steps) {
            if (step.writes) writes.emplace_back(step.key, step.value);
        }
        copies_.commit(one.site, writes);
    }

    void perform(process& one) {
        micro_operation& step = one.steps[one.done++];
        elements& here = store_[step.key];
        elements& before = one.snapshot[step.key];
        if (!step.writes) {
            step.read = reads_snapshots() ? before : here;
            // A transaction whose writes are lost still sees them.
            if (one.lost) step.read = lost_view(one, *step.read);
            return;
        }
        write(before, step.value);
        if (!one.lost) write(here, step.value);
    }

    [[nodiscard]] elements lost_view(const process& one, elements base) const {
        const std::int64_t key = one.steps[one.done - 1].key;
        for (std::size_t at = 0; at + 1 < one.done; ++at) {
            const micro_operation& step = one.steps[at];
            if (step.writes && step.key == key && !reads_snapshots()) {
                base.push_back(step.value);
            }
        }
        return base;
    }

    void write(elements& into, std::int64_t value) {
        into.push_back(value);
        if (careless_ && into.size() > 1 && pick(8) == 0) {
            std::swap(into[into.size() - 1], into[into.size() - 2]);
        }
    }

    void end(process& one) {
        if (one.outcome == op_type::ok) {
            for (micro_operation& step : one.steps) {
                if (damage_ > 0 && step.read && pick(12) < damage_) damage(*step.read);
            }
        }
        one.busy = false;
        // Some that nobody knows the outcome of are never heard of again.
        if (one.outcome != op_type::info || pick(2) == 0) record(one, one.outcome);
        if (one.outcome == op_type::info) one.name = next_process_++;
    }

    void damage(elements& list) {
        switch (pick(7)) {
            case 0:
                if (!list.empty()) list.pop_back();
                break;
            case 1:
                if (!list.empty())
                    list.erase(list.begin() + static_cast<std::ptrdiff_t>(pick(list.size())));
                break;
            case 2:
                if (!list.empty()) list.push_back(list[pick(list.size())]);
                break;
            case 3:
                if (list.size() > 1) std::swap(list.front(), list.back());
                break;
            case 4:
                if (next_value_ > 0) {
                    list.push_back(1 + static_cast<std::int64_t>(
                                           pick(static_cast<std::uint64_t>(next_value_))));
                }
                break;
            case 5:
                // Of that key or another, later or never.
                list.push_back(next_value_ + 1 + static_cast<std::int64_t>(pick(3)));
                break;
            default:
                list.clear();
        }
    }

    void record(const process& one, op_type type) {
        operation line;
        line.index = static_cast<std::int64_t>(result_.operations.size());
        line.time = line.index * 1000;
        line.process = one.name;
        line.type = type;
        line.f = "txn";
        line.value.open_vector();
        for (const micro_operation& step : one.steps) add(line.value, step, type);
        line.value.close();
        if (type != op_type::invoke && last_() % 4 == 0) {
            line.more.open_map();
            line.more.add_keyword("final");
            line.more.add_boolean(true);
            line.more.close();
        }
        result_.operations.push_back(std::move(line));
    }

    void add(history::datum& into, const micro_operation& step, op_type type) const {
        into.open_vector();
        into.add_keyword(!step.writes ? "r" : dialect_ == dialect::lists ? "append" : "w");
        into.add_integer(step.key);
        if (step.writes) {
            into.add_integer(step.value);
        } else if (type != op_type::ok) {
            into.add_nil();
        } else if (dialect_ == dialect::lists) {
            into.open_vector();
            for (const std::int64_t one : *step.read) into.add_integer(one);
            into.close();
        } else if (step.read->empty()) {
            into.add_nil();
        } else {
            into.add_integer(step.read->back());
        }
        into.close();
    }

    std::mt19937_64 random_;
    /// Which operations say that they are the last.
    std::mt19937_64 last_;
    dialect dialect_;
    std::uint64_t keys_ = 1;
    std::uint64_t transactions_ = 1;
    std::uint64_t started_ = 0;
    isolation isolation_ = isolation::whole;
    std::uint64_t damage_ = 0;
    bool careless_ = false;
    /// Each transaction goes to another copy.
    bool wandering_ = false;
    bool clean_ = false;
    std::int64_t next_value_ = 0;
    std::int64_t next_process_ = 0;
    std::vector<process> processes_;
    std::map<std::int64_t, elements> store_;
    copies copies_{3};
    random_history result_;
};

}  // namespace

random_history draw_history(std::uint64_t seed, dialect what) {
    return generator(seed, what).run();
}

}  // namespace verdikt::checker
