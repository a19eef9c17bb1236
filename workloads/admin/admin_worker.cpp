#include "workloads/admin/admin_worker.h"

#include "workloads/clients.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace verdikt::workloads {

using checker::history::op_type;
using runtime::awaitable;

namespace {

/// Names that questions in between are about.
constexpr std::size_t recent_max = 24;
/// What is large enough to do nothing within a trial.
constexpr std::int64_t config_value_base = 100'000'000;

}  // namespace

void admin_board::note(const std::string& topic) {
    if (!topics.insert(topic).second) return;
    recent.push_back(topic);
    if (recent.size() > recent_max) recent.pop_front();
}

admin_worker::admin_worker(runtime::environment& world,
                           const admin_options& plan,
                           admin_board& board,
                           recorder& history,
                           runtime::random_source random)
    : world_(world),
      plan_(plan),
      board_(board),
      history_(history),
      random_(random),
      line_(world, [this](runtime::instant until) { return live(until); }) {}

awaitable<void> admin_worker::live(runtime::instant until) {
    process_ = history_.fresh_process();
    over_ = false;
    own_ = {.name = fresh_name()};
    settings_ = client_settings(plan_.load, fmt::format("admin-{}", process_));
    settings_.allow_auto_create_topics = false;
    client::admin through(world_, settings_);
    std::exception_ptr failure;
    try {
        co_await ask_and_change(through, until);
    } catch (...) {
        failure = std::current_exception();
    }
    co_await through.close();
    if (failure) std::rethrow_exception(failure);
}

awaitable<void> admin_worker::ask_and_change(client::admin& through, runtime::instant until) {
    client::cluster asking(world_, settings_);
    asking.start();
    asking.request_metadata();
    std::exception_ptr failure;
    try {
        co_await act(through, asking, until);
    } catch (...) {
        failure = std::current_exception();
    }
    co_await asking.stop();
    if (failure) std::rethrow_exception(failure);
}

awaitable<void> admin_worker::act(client::admin& through,
                                  client::cluster& asking,
                                  runtime::instant until) {
    while (!over_) {
        co_await world_.sleep_for(draw_pause());
        if (world_.now() >= until) co_return;
        if (random_.chance(plan_.crash_chance)) {
            crash_itself();
        } else if (random_.chance(plan_.describe_chance)) {
            co_await describe(asking);
        } else {
            co_await change(through);
        }
    }
}

void admin_worker::crash_itself() {
    open_operation op = history_.begin(process_, "crash", {});
    op.end(op_type::info);
    over_ = true;
}

awaitable<void> admin_worker::describe(client::cluster& asking) {
    if (board_.brokers.empty()) co_return;
    const kafka::node_id broker = board_.brokers[random_.below(board_.brokers.size())];
    std::set<std::string> topics(board_.recent.begin(), board_.recent.end());
    topics.insert(own_.name);
    if (random_.chance(0.5)) {
        static_cast<void>(
            co_await describe_topics(asking, history_, process_, broker, std::move(topics), false));
    } else {
        static_cast<void>(co_await describe_configs(
            asking, history_, process_, broker, std::move(topics), false));
    }
}

awaitable<void> admin_worker::change(client::admin& through) {
    const topic_change what = draw_change();
    const op_type how = co_await change_topic(through, plan_, history_, process_, what);
    over_ = how == op_type::info;
    if (how != op_type::ok) co_return;
    if (what.f == "delete-topic") {
        own_.partitions = 0;
        // Sometimes the same name again: another topic then.
        if (random_.chance(0.5)) own_.name = fresh_name();
    } else if (what.f != "alter-configs") {
        own_.partitions = what.partitions;
    }
}

topic_change admin_worker::draw_change() {
    topic_change drawn{.f = "create-topic", .topic = own_.name};
    board_.note(own_.name);
    if (own_.partitions == 0) {
        drawn.partitions = static_cast<std::int32_t>(random_.between(1, 2));
        drawn.configs = draw_configs(random_.chance(0.5));
        return drawn;
    }
    const double chance = random_.fraction();
    if (chance < 0.25 && own_.partitions < plan_.partitions_max) {
        drawn.f = "create-partitions";
        drawn.partitions = own_.partitions + 1;
    } else if (chance < 0.45) {
        drawn.f = "delete-topic";
    } else {
        drawn.f = "alter-configs";
        drawn.configs = draw_configs(false);
        if (random_.chance(0.2)) drawn.configs.begin()->second = std::nullopt;
    }
    return drawn;
}

std::map<std::string, std::optional<std::string>> admin_worker::draw_configs(bool all) {
    std::map<std::string, std::optional<std::string>> drawn;
    const std::size_t one = random_.below(watched_configs().size());
    for (std::size_t at = 0; at < watched_configs().size(); ++at) {
        if (!all && at != one) continue;
        drawn[watched_configs()[at]] = fmt::format("{}", config_value_base + board_.next_value++);
    }
    return drawn;
}

std::string admin_worker::fresh_name() {
    return fmt::format("{}-{}", plan_.prefix, board_.next_name++);
}

/// Uniform, so that the workers do not act in step.
runtime::duration admin_worker::draw_pause() {
    const double rate = std::min(plan_.load.rate, plan_.rate_max);
    const double mean = 1e9 * static_cast<double>(plan_.load.concurrency) / rate;
    return runtime::duration(random_.between(0, static_cast<std::int64_t>(2 * mean)));
}

}  // namespace verdikt::workloads
