#include "checker/admin/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

namespace verdikt::checker::admin {

namespace {

using history::datum_view;
using history::op_type;
using history::operation;
using outcome = std::expected<void, std::string>;

std::unexpected<std::string> wrong(std::string_view what) {
    return std::unexpected(std::string(what));
}

bool is_change(std::string_view f) {
    return f == "create-topic" || f == "delete-topic" || f == "create-partitions" ||
           f == "alter-configs";
}

bool is_description(std::string_view f) {
    return f == "describe-topics" || f == "describe-configs";
}

}  // namespace

/// Turns the lines of a history into registers and answers.
class recorder {
  public:
    recorder();

    outcome take(const operation& line);
    recording finish();

  private:
    /// What it says it writes: of a change nothing else is looked at.
    struct intent {
        std::uint32_t topic = none;
        /// Claims; `none` where nothing is said of it.
        std::uint32_t shape = none;
        /// By name, each once; the last value of a name counts.
        std::map<std::uint32_t, std::uint32_t> configs = {};
    };
    struct open_operation {
        std::string f;
        std::uint32_t broker = none;
        intent what = {};
        write when = {};
        std::int64_t begun_at = 0;
    };
    /// A topic that was made has every configuration unset that was not named.
    struct creation {
        std::uint32_t topic = none;
        write when = {};
        std::vector<std::uint32_t> named = {};  ///< Ascending.
    };

    outcome begin(const operation& line);
    outcome end(const operation& line, open_operation& at);
    std::expected<intent, std::string> intent_of(const operation& line);
    outcome add_answer(const operation& line, const open_operation& at);
    void show(std::uint32_t claim, answer& in);
    void show_shapes(datum_view all, answer& into);
    outcome show_configs(datum_view all, answer& into);
    void add_change(const open_operation& done);
    void add_write(std::uint32_t claim, const write& when);
    void add_unset(const creation& made);
    std::uint32_t register_of(std::uint32_t topic, std::uint32_t config);
    /// That a topic is not there where `what` is nil.
    std::uint32_t shape_claim(std::uint32_t topic, datum_view what);
    /// That it is not set where `what` is nil.
    std::uint32_t config_claim(std::uint32_t topic, std::uint32_t config, datum_view what);

    recording into_;
    history::datum unset_;
    history::datum absent_;
    /// By topic and configuration.
    std::unordered_map<std::uint64_t, std::uint32_t> known_;
    std::map<std::int64_t, open_operation> open_;
    std::vector<creation> creations_;
};

recorder::recorder() {
    unset_.add_text(unset);
    absent_.add_text(absent);
}

std::uint32_t recorder::shape_claim(std::uint32_t topic, datum_view what) {
    const std::uint32_t of = register_of(topic, none);
    return what.is_nil() ? into_.registers_[of].absent : into_.claims_.number_of(of, what);
}

std::uint32_t recorder::config_claim(std::uint32_t topic, std::uint32_t config, datum_view what) {
    return into_.claims_.number_of(register_of(topic, config),
                                   what.is_nil() ? unset_.view() : what);
}

std::uint32_t recorder::register_of(std::uint32_t topic, std::uint32_t config) {
    const std::uint64_t place = std::uint64_t{topic} << 32 | config;
    const auto [at, fresh] =
        known_.try_emplace(place, static_cast<std::uint32_t>(into_.registers_.size()));
    if (!fresh) return at->second;
    into_.registers_.push_back({.topic = topic, .config = config});
    if (config != none) return at->second;
    const std::uint32_t nothing = into_.claims_.number_of(at->second, absent_.view());
    into_.registers_.back().absent = nothing;
    into_.registers_.back().writes.push_back(
        {.claim = nothing, .type = op_type::ok, .begun = -1, .ended = -1});
    return at->second;
}

outcome recorder::take(const operation& line) {
    into_.indexes_.add(line.index);
    into_.times_.push_back(line.time);
    if (line.process == history::nemesis_process) return {};
    if (!is_change(line.f) && !is_description(line.f)) return {};
    if (line.type == op_type::invoke) return begin(line);
    const auto at = open_.find(line.process);
    if (at == open_.end() || at->second.f != line.f) {
        return wrong(fmt::format("process {} ends what it did not begin", line.process));
    }
    at->second.when.ended = into_.indexes_.last();
    at->second.when.type = line.type;
    auto done = end(line, at->second);
    open_.erase(at);
    return done;
}

outcome recorder::begin(const operation& line) {
    open_operation made{
        .f = line.f, .when = {.begun = into_.indexes_.last()}, .begun_at = line.time};
    if (is_change(line.f)) {
        auto what = intent_of(line);
        if (!what) return std::unexpected(what.error());
        made.what = std::move(*what);
    } else {
        const auto broker = line.value.view().find("broker");
        if (!broker) return wrong("a description without its broker");
        made.broker = into_.brokers_.number_of(*broker);
    }
    const bool fresh = open_.try_emplace(line.process, std::move(made)).second;
    if (!fresh) return wrong(fmt::format("process {} is not done with another", line.process));
    return {};
}

std::expected<recorder::intent, std::string> recorder::intent_of(const operation& line) {
    const datum_view value = line.value.view();
    const auto topic = value.find("topic");
    if (!topic) return wrong("a change without its topic");
    intent made{.topic = into_.topics_.number_of(*topic)};
    if (line.f == "create-topic" || line.f == "create-partitions") {
        const auto partitions = value.find("partitions");
        if (!partitions || !partitions->is_integer()) return wrong("no number of partitions");
        made.shape = shape_claim(made.topic, *partitions);
    }
    if (line.f == "delete-topic") {
        made.shape = into_.registers_[register_of(made.topic, none)].absent;
    }
    const auto configs = value.find("configs");
    if (!configs || !configs->is_map()) return made;
    for (auto at = configs->begin(); at != configs->end(); ++at) {
        const std::uint32_t name = into_.configs_.number_of(*at++);
        made.configs[name] = config_claim(made.topic, name, *at);
    }
    return made;
}

outcome recorder::end(const operation& line, open_operation& at) {
    if (is_change(line.f)) {
        add_change(at);
        return {};
    }
    return line.type == op_type::ok ? add_answer(line, at) : outcome();
}

outcome recorder::add_answer(const operation& line, const open_operation& at) {
    answer made{.broker = at.broker,
                .about_configs = line.f == "describe-configs",
                .first_shown = into_.shown_.size(),
                .begun = at.when.begun,
                .ended = at.when.ended,
                .begun_at = at.begun_at};
    const auto final = line.more.view().find("final");
    made.final = final && final->what() == history::kind::boolean && final->boolean();
    const auto all = line.value.view().find(made.about_configs ? "configs" : "topics");
    if (!all || !all->is_map()) return wrong("an answer that says nothing of topics");
    if (!made.about_configs) {
        show_shapes(*all, made);
    } else if (auto done = show_configs(*all, made); !done) {
        return done;
    }
    into_.answers_.push_back(made);
    return {};
}

void recorder::show(std::uint32_t claim, answer& in) {
    into_.shown_.push_back(claim);
    ++in.shown;
}

// {t n}
void recorder::show_shapes(datum_view all, answer& into) {
    for (auto each = all.begin(); each != all.end(); ++each) {
        const std::uint32_t topic = into_.topics_.number_of(*each++);
        show(shape_claim(topic, *each), into);
    }
}

// {t {name value}}
outcome recorder::show_configs(datum_view all, answer& into) {
    for (auto each = all.begin(); each != all.end(); ++each) {
        const std::uint32_t topic = into_.topics_.number_of(*each++);
        const datum_view told = *each;
        if (told.is_nil()) continue;
        if (!told.is_map()) return wrong("configurations that are not {name value}");
        for (auto at = told.begin(); at != told.end(); ++at) {
            const std::uint32_t name = into_.configs_.number_of(*at++);
            show(config_claim(topic, name, *at), into);
        }
    }
    return {};
}

void recorder::add_write(std::uint32_t claim, const write& when) {
    written_register& to = into_.registers_[into_.register_of(claim)];
    write made = when;
    made.claim = claim;
    (made.type == op_type::fail ? to.failed : to.writes).push_back(made);
}

void recorder::add_change(const open_operation& done) {
    ++into_.changes_;
    if (done.when.type == op_type::ok) ++into_.acknowledged_;
    const intent& what = done.what;
    if (what.shape != none) add_write(what.shape, done.when);
    for (const auto& [name, claim] : what.configs) add_write(claim, done.when);
    if (done.f != "create-topic") return;
    creation& made = creations_.emplace_back(creation{what.topic, done.when});
    for (const auto& [name, claim] : what.configs) made.named.push_back(name);
}

/// Requires: all configurations are known.
void recorder::add_unset(const creation& made) {
    for (std::uint32_t config = 0; config < into_.configs_.size(); ++config) {
        if (std::ranges::binary_search(made.named, config)) continue;
        add_write(config_claim(made.topic, config, unset_.view()), made.when);
    }
}

recording recorder::finish() {
    for (auto& [process, at] : open_) {
        if (is_change(at.f)) add_change(at);
    }
    for (const creation& each : creations_) add_unset(each);
    for (written_register& each : into_.registers_) {
        std::ranges::sort(each.writes, {}, &write::begun);
        std::ranges::sort(each.failed, {}, &write::begun);
    }
    into_.claims_.release_search();
    return std::move(into_);
}

std::int64_t recording::first_line_after(std::int64_t time) const {
    return std::ranges::upper_bound(times_, time) - times_.begin();
}

std::expected<recording, history::malformed> recording::read(history::operation_reader& from) {
    recorder all;
    const auto done =
        history::for_each_operation(from, [&all](const operation& line) { return all.take(line); });
    if (!done) return std::unexpected(done.error());
    return all.finish();
}

}  // namespace verdikt::checker::admin
