#include "checker/admin/recording.h"

#include "checker/history/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace verdikt::checker::admin {

namespace {

using history::datum_view;
using history::op_type;
using history::operation;
using outcome = std::expected<void, std::string>;

std::unexpected<std::string> wrong(std::string_view what) {
    return std::unexpected(std::string(what));
}

/// The letters of a name, or the value as it is printed.
std::string text_of(datum_view what) {
    if (what.is_name()) return std::string(what.name());
    std::string text;
    history::append_edn(text, what);
    return text;
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
    outcome take(const operation& line);
    recording finish();

  private:
    struct change {
        std::string topic;
        std::optional<std::string> shape = {};
        std::map<std::string, std::string> configs = {};
        bool creates = false;
    };
    struct open_operation {
        std::string f;
        std::int64_t begun = 0;
        std::int64_t begun_at = 0;
        std::int64_t ended = never;
        op_type type = op_type::info;
        std::string broker = {};
        change what = {};
    };

    outcome begin(const operation& line);
    outcome end(const operation& line, open_operation& at);
    std::expected<change, std::string> change_of(const operation& line);
    outcome add_answer(const operation& line, const open_operation& at);
    void show_shapes(datum_view all, answer& into);
    outcome show_configs(datum_view all, answer& into);
    void add(const open_operation& done);
    void add_write(const std::string& topic,
                   const std::string& config,
                   std::string value,
                   const open_operation& by);
    std::size_t register_of(const std::string& topic, const std::string& config);

    recording into_;
    std::map<std::pair<std::string, std::string>, std::size_t> known_;
    std::map<std::int64_t, open_operation> open_;
    std::vector<open_operation> changes_;
    std::set<std::string> configs_;
    std::set<std::string> brokers_;
};

std::size_t recorder::register_of(const std::string& topic, const std::string& config) {
    const auto [at, fresh] = known_.try_emplace({topic, config}, into_.registers_.size());
    if (!fresh) return at->second;
    into_.registers_.push_back({.topic = topic, .config = config});
    if (config.empty()) {
        into_.registers_.back().writes.push_back(
            {.value = std::string(absent), .begun = -1, .ended = -1, .type = op_type::ok});
    }
    return at->second;
}

outcome recorder::take(const operation& line) {
    into_.lines_.push_back({line.index, line.time});
    if (line.process == history::nemesis_process) return {};
    if (!is_change(line.f) && !is_description(line.f)) return {};
    if (line.type == op_type::invoke) return begin(line);
    const auto at = open_.find(line.process);
    if (at == open_.end() || at->second.f != line.f) {
        return wrong(fmt::format("process {} ends what it did not begin", line.process));
    }
    at->second.ended = static_cast<std::int64_t>(into_.lines_.size()) - 1;
    at->second.type = line.type;
    auto done = end(line, at->second);
    open_.erase(at);
    return done;
}

outcome recorder::begin(const operation& line) {
    open_operation made{.f = line.f,
                        .begun = static_cast<std::int64_t>(into_.lines_.size()) - 1,
                        .begun_at = line.time};
    if (is_change(line.f)) {
        auto what = change_of(line);
        if (!what) return std::unexpected(what.error());
        made.what = std::move(*what);
    } else {
        const auto broker = line.value.view().find("broker");
        if (!broker) return wrong("a description without its broker");
        made.broker = text_of(*broker);
        brokers_.insert(made.broker);
    }
    const bool fresh = open_.try_emplace(line.process, std::move(made)).second;
    if (!fresh) return wrong(fmt::format("process {} is not done with another", line.process));
    return {};
}

std::expected<recorder::change, std::string> recorder::change_of(const operation& line) {
    const datum_view value = line.value.view();
    const auto topic = value.find("topic");
    if (!topic) return wrong("a change without its topic");
    change made{.topic = text_of(*topic)};
    made.creates = line.f == "create-topic";
    if (made.creates || line.f == "create-partitions") {
        const auto partitions = value.find("partitions");
        if (!partitions || !partitions->is_integer()) return wrong("no number of partitions");
        made.shape = text_of(*partitions);
    }
    if (line.f == "delete-topic") made.shape = std::string(absent);
    const auto configs = value.find("configs");
    if (!configs || !configs->is_map()) return made;
    for (auto at = configs->begin(); at != configs->end(); ++at) {
        const std::string name = text_of(*at++);
        made.configs[name] = (*at).is_nil() ? std::string(unset) : text_of(*at);
        configs_.insert(name);
    }
    return made;
}

outcome recorder::end(const operation& line, open_operation& at) {
    if (is_change(line.f)) {
        changes_.push_back(std::move(at));
        return {};
    }
    return line.type == op_type::ok ? add_answer(line, at) : outcome();
}

outcome recorder::add_answer(const operation& line, const open_operation& at) {
    answer made{.broker = at.broker,
                .about_configs = line.f == "describe-configs",
                .begun = at.begun,
                .ended = at.ended,
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
    into_.answers_.push_back(std::move(made));
    return {};
}

// {t n}
void recorder::show_shapes(datum_view all, answer& into) {
    for (auto each = all.begin(); each != all.end(); ++each) {
        const std::string topic = text_of(*each++);
        std::string shape = (*each).is_nil() ? std::string(absent) : text_of(*each);
        into.shown.push_back({register_of(topic, ""), std::move(shape)});
    }
}

// {t {name value}}
outcome recorder::show_configs(datum_view all, answer& into) {
    for (auto each = all.begin(); each != all.end(); ++each) {
        const std::string topic = text_of(*each++);
        const datum_view told = *each;
        if (told.is_nil()) continue;
        if (!told.is_map()) return wrong("configurations that are not {name value}");
        for (auto at = told.begin(); at != told.end(); ++at) {
            const std::string name = text_of(*at++);
            std::string value = (*at).is_nil() ? std::string(unset) : text_of(*at);
            configs_.insert(name);
            into.shown.push_back({register_of(topic, name), std::move(value)});
        }
    }
    return {};
}

void recorder::add_write(const std::string& topic,
                         const std::string& config,
                         std::string value,
                         const open_operation& by) {
    written_register& to = into_.registers_[register_of(topic, config)];
    write made{.value = std::move(value), .begun = by.begun, .ended = by.ended, .type = by.type};
    (by.type == op_type::fail ? to.failed : to.writes).push_back(std::move(made));
}

void recorder::add(const open_operation& done) {
    ++into_.changes_;
    if (done.type == op_type::ok) ++into_.acknowledged_;
    const change& what = done.what;
    if (what.shape) add_write(what.topic, "", *what.shape, done);
    for (const auto& [name, value] : what.configs) add_write(what.topic, name, value, done);
    if (!what.creates) return;
    for (const std::string& name : configs_) {
        if (!what.configs.contains(name)) add_write(what.topic, name, std::string(unset), done);
    }
}

recording recorder::finish() {
    for (auto& [process, at] : open_) {
        if (is_change(at.f)) changes_.push_back(std::move(at));
    }
    std::ranges::sort(changes_, {}, &open_operation::begun);
    for (const open_operation& each : changes_) add(each);
    into_.brokers_.assign(brokers_.begin(), brokers_.end());
    return std::move(into_);
}

std::int64_t recording::first_line_after(std::int64_t time) const {
    return std::ranges::upper_bound(lines_, time, {}, &line_mark::time) - lines_.begin();
}

std::expected<recording, history::malformed> recording::read(history::operation_reader& from) {
    recorder all;
    operation line;
    while (true) {
        const auto more = from.next(line);
        if (!more) return std::unexpected(more.error());
        if (!*more) return all.finish();
        if (auto done = all.take(line); !done) {
            return std::unexpected(history::malformed{
                0, fmt::format("the operation of index {}: {}", line.index, done.error())});
        }
    }
}

}  // namespace verdikt::checker::admin
