#include "tests/unit/checker_admin/random_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <random>
#include <string>

namespace verdikt::checker::admin {

namespace {

using history::op_type;
using history::operation;

constexpr std::int64_t millisecond = 1'000'000;

struct change {
    std::string f;
    std::string topic;
    std::int64_t partitions = 0;
    std::map<std::string, std::int64_t> configs = {};
};

struct topic_state {
    std::int64_t partitions = 0;
    std::map<std::string, std::int64_t> configs = {};
};
using image = std::map<std::string, topic_state>;

enum class trouble : std::uint8_t {
    /// An acknowledged change never gets into the log.
    forget,
    /// A broker leaves a change out for good.
    skip,
    /// A broker shows one topic as it was long ago.
    show_old,
    invent,
    do_what_failed,
    /// At the end a broker is still behind.
    lag_for_ever,
    count,
};

struct process {
    std::int64_t name = 0;
    bool busy = false;
    change what = {};
    bool done = false;
    bool refused = false;
    std::size_t broker = 0;
};

struct broker {
    std::size_t applied = 0;
    image knows = {};
};

/// False if it cannot be.
bool take_effect(const change& what, image& to) {
    const auto at = to.find(what.topic);
    if ((what.f == "create-topic") != (at == to.end())) return false;
    if (what.f == "create-topic") to[what.topic] = {what.partitions, what.configs};
    if (what.f == "delete-topic") to.erase(at);
    if (what.f == "create-partitions") at->second.partitions = what.partitions;
    if (what.f == "alter-configs") {
        for (const auto& [name, value] : what.configs) at->second.configs[name] = value;
    }
    return true;
}

class generator {
  public:
    explicit generator(std::uint64_t seed) : random_(seed) {
        brokers_.resize(1 + pick(3));
        topics_ = 1 + pick(3);
        for (std::size_t count = 2 + pick(4); count > 0; --count) {
            processes_.push_back({.name = next_process_++});
        }
        const bool clean = pick(4) == 0;
        for (bool& on : troubles_) on = !clean && pick(5) == 0;
        result_.clean = std::ranges::none_of(troubles_, std::identity());
    }

    random_history run() {
        for (std::size_t steps = 10 + pick(80); steps > 0; --steps) {
            catch_up(brokers_[pick(brokers_.size())]);
            if (pick(8) == 0) come_late();
            process& one = processes_[pick(processes_.size())];
            one.busy ? complete(one) : begin(one);
        }
        if (pick(3) > 0) look_at_all();
        return std::move(result_);
    }

  private:
    std::size_t pick(std::size_t below) { return random_() % below; }
    bool happens(trouble what) { return troubles_[static_cast<std::size_t>(what)] && pick(4) == 0; }

    operation& line(const process& by, op_type type) {
        now_ += static_cast<std::int64_t>(pick(200)) * millisecond;
        operation& one = result_.operations.emplace_back();
        one.index = static_cast<std::int64_t>(result_.operations.size() - 1);
        one.time = now_;
        one.process = by.name;
        one.type = type;
        one.f = by.what.f;
        return one;
    }

    std::string any_topic() { return fmt::format("t{}", pick(topics_)); }
    static bool describes(const process& one) { return one.what.f.starts_with("describe"); }

    // ---- Processes.

    void begin(process& one) {
        constexpr std::array<std::string_view, 8> acts{"create-topic",
                                                       "create-topic",
                                                       "delete-topic",
                                                       "create-partitions",
                                                       "alter-configs",
                                                       "describe-topics",
                                                       "describe-topics",
                                                       "describe-configs"};
        one.what = {.f = std::string(acts[pick(acts.size())]), .topic = any_topic()};
        one.what.partitions = 1 + static_cast<std::int64_t>(pick(4));
        const bool configures = one.what.f == "alter-configs" || one.what.f == "create-topic";
        if (configures && pick(3) > 0) one.what.configs[any_config()] = next_value_++;
        if (one.what.f == "alter-configs") one.what.configs[any_config()] = next_value_++;
        one.busy = true;
        one.done = one.refused = false;
        one.broker = pick(brokers_.size());
        write_intent(one, line(one, op_type::invoke));
        if (!describes(one) && pick(2) == 0) carry_out(one);
    }

    std::string any_config() { return pick(2) == 0 ? "a" : "b"; }

    void complete(process& one) {
        one.busy = false;
        if (describes(one)) return pick(8) == 0 ? fail(one) : answer(one, false);
        const std::size_t fate = pick(8);
        if (fate == 0 && !one.done) {
            if (happens(trouble::do_what_failed)) carry_out(one);
            return fail(one);
        }
        if (fate == 1) return give_up(one);
        if (!happens(trouble::forget)) carry_out(one);
        one.refused ? fail(one) : write_intent(one, line(one, op_type::ok));
    }

    void fail(process& one) { write_intent(one, line(one, op_type::fail)); }

    void give_up(process& one) {
        if (pick(2) == 0) carry_out(one);
        if (!one.done && pick(2) == 0) late_.push_back(one.what);
        if (pick(4) > 0) write_intent(one, line(one, op_type::info));
        one = {.name = next_process_++};
    }

    void come_late() {
        if (late_.empty()) return;
        attempt(late_.back());
        late_.pop_back();
    }

    void carry_out(process& one) {
        if (one.done) return;
        one.done = true;
        one.refused = !attempt(one.what);
    }

    bool attempt(const change& what) {
        if (!take_effect(what, newest_)) return false;
        log_.push_back(what);
        return true;
    }

    // ---- Brokers.

    void catch_up(broker& one) {
        for (std::size_t count = pick(4); count > 0 && one.applied < log_.size(); --count) {
            advance(one);
        }
    }

    void advance(broker& one) {
        const change& next = log_[one.applied++];
        if (!happens(trouble::skip)) take_effect(next, one.knows);
    }

    void answer(process& one, bool final) {
        image shown = brokers_[one.broker].knows;
        if (happens(trouble::show_old)) {
            image old;
            for (std::size_t at = 0; at < log_.size() / 2; ++at) take_effect(log_[at], old);
            const std::string topic = any_topic();
            shown.erase(topic);
            if (old.contains(topic)) shown[topic] = old[topic];
        }
        if (happens(trouble::invent)) {
            shown[any_topic()] = {77, {{"a", 7777}}};
        }
        operation& written = line(one, op_type::ok);
        write_answer(one, written.value, shown);
        if (final) {
            written.more.open_map();
            written.more.add_keyword("final");
            written.more.add_boolean(true);
            written.more.close();
        }
    }

    void look_at_all() {
        now_ += 10'000 * millisecond;
        for (std::size_t at = 0; at < brokers_.size(); ++at) {
            const bool behind = happens(trouble::lag_for_ever);
            while (!behind && brokers_[at].applied < log_.size()) advance(brokers_[at]);
            for (const char* const f : {"describe-topics", "describe-configs"}) {
                process last{.name = next_process_++, .what = {.f = f}, .broker = at};
                write_intent(last, line(last, op_type::invoke));
                answer(last, true);
            }
        }
    }

    // ---- Writing down.

    void write_intent(const process& one, operation& into) {
        history::datum& value = into.value;
        value.open_map();
        if (describes(one)) {
            value.add_keyword("broker");
            value.add_integer(static_cast<std::int64_t>(one.broker));
        } else {
            value.add_keyword("topic");
            value.add_text(one.what.topic);
            if (one.what.f == "create-topic" || one.what.f == "create-partitions") {
                value.add_keyword("partitions");
                value.add_integer(one.what.partitions);
            }
            value.add_keyword("configs");
            write_configs(one.what.configs, value);
        }
        value.close();
    }

    static void write_configs(const std::map<std::string, std::int64_t>& configs,
                              history::datum& into) {
        into.open_map();
        for (const auto& [name, set] : configs) {
            into.add_keyword(name);
            into.add_integer(set);
        }
        into.close();
    }

    void write_answer(const process& one, history::datum& value, const image& shown) const {
        const bool configs = one.what.f == "describe-configs";
        value.open_map();
        value.add_keyword("broker");
        value.add_integer(static_cast<std::int64_t>(one.broker));
        value.add_keyword(configs ? "configs" : "topics");
        value.open_map();
        for (std::size_t at = 0; at < topics_; ++at) {
            const std::string topic = fmt::format("t{}", at);
            value.add_keyword(topic);
            const auto known = shown.find(topic);
            if (known == shown.end()) {
                value.add_nil();
            } else if (configs) {
                write_all_configs(known->second.configs, value);
            } else {
                value.add_integer(known->second.partitions);
            }
        }
        value.close();
        value.close();
    }

    /// Those that are not set, too.
    static void write_all_configs(const std::map<std::string, std::int64_t>& configs,
                                  history::datum& into) {
        into.open_map();
        for (const char* const name : {"a", "b"}) {
            into.add_keyword(name);
            const auto set = configs.find(name);
            set == configs.end() ? into.add_nil() : into.add_integer(set->second);
        }
        into.close();
    }

    std::mt19937_64 random_;
    image newest_;
    std::vector<change> log_;
    std::vector<change> late_;
    std::vector<broker> brokers_;
    std::vector<process> processes_;
    std::array<bool, static_cast<std::size_t>(trouble::count)> troubles_{};
    std::size_t topics_ = 1;
    std::int64_t now_ = 0;
    std::int64_t next_process_ = 0;
    std::int64_t next_value_ = 100;
    random_history result_;
};

}  // namespace

random_history draw_history(std::uint64_t seed) {
    return generator(seed).run();
}

}  // namespace verdikt::checker::admin
