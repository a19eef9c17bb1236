#include "nemesis/agent/agent.h"

#include "nemesis/agent/disk_acts.h"
#include "nemesis/agent/probe.h"
#include "nemesis/agent/process_acts.h"
#include "nemesis/agent/run_program.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace verdikt::nemesis::agent {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using outcome = std::expected<json, std::string>;

outcome as_outcome(const std::expected<void, std::string>& done) {
    if (!done) return std::unexpected(done.error());
    return json::object();
}

outcome as_outcome(const act_result& done) {
    if (!done) return std::unexpected(done.error());
    return to_json(*done);
}

/// A tool that a user asks for may take its time: an archive of the data, say.
constexpr std::chrono::seconds run_patience{60};

outcome run(const json& request) {
    auto words = request.at("words").get<std::vector<std::string>>();
    if (words.empty()) return std::unexpected("no program is named");
    const auto ended = run_program(std::move(words), {}, run_patience);
    if (!ended) return std::unexpected(ended.error());
    return to_json(*ended);
}

}  // namespace

agent::agent(runtime::real::world& world, int input, int output)
    : host_{.world = world, .setup = {}, .broker = nullptr},
      pipe_(world.get_executor(), input, output),
      answering_(world.get_executor()),
      timers_(world.get_executor()) {}

agent::~agent() = default;

runtime::awaitable<void> agent::serve() {
    for (auto line = co_await pipe_.read_line(); line; line = co_await pipe_.read_line()) {
        answering_.spawn(answer(std::move(*line)));
    }
    co_await answering_.cancel_and_join();
    co_await timers_.cancel_and_join();
    if (host_.broker) co_await host_.broker->stop();
    co_await leave_nothing_behind();
    co_await pipe_.stop();
}

runtime::awaitable<void> agent::answer(std::string line) {
    json answered = json::object();
    outcome done;
    try {
        const json request = json::parse(line);
        answered["id"] = request.at("id");
        done = co_await carry_out(request);
    } catch (const json::exception& malformed) {
        done = std::unexpected(fmt::format("malformed request: {}", malformed.what()));
    } catch (const std::invalid_argument& malformed) {
        done = std::unexpected(fmt::format("malformed request: {}", malformed.what()));
    }
    if (done) {
        answered["ok"] = std::move(*done);
    } else {
        answered["error"] = done.error();
    }
    pipe_.send(answered.dump(-1, ' ', false, json::error_handler_t::replace));
}

agent::reply agent::carry_out(const json& request) {
    const auto what = request.at("do").get<std::string>();
    if (what == "probe") co_return to_json(probe_host());
    if (what == "set-up") co_return co_await set_up(request);
    if (what == "apply") co_return co_await apply(request);
    if (what == "heal") co_return co_await heal(request);
    if (what == "heal-all") co_return as_outcome(co_await undo_all());
    if (what == "run") co_return run(request);
    if (what == "start" && host_.broker) co_return as_outcome(host_.broker->start());
    if (what == "end" && host_.broker) {
        co_return json{{"in_order", co_await host_.broker->end(end_patience)}};
    }
    if (what == "running") co_return json{{"running", host_.broker && host_.broker->running()}};
    co_return std::unexpected(fmt::format("'{}' cannot be done on this host", what));
}

agent::reply agent::set_up(const json& request) {
    host_.setup = host_setup_from(request.at("host"));
    for (const json& words : request.at("network")) {
        const auto done = run_or_reason(words.get<std::vector<std::string>>());
        if (!done) co_return std::unexpected(done.error());
    }
    if (host_.setup.disk_bytes > 0) {
        const auto mounted = mount_disk(host_.setup);
        if (!mounted) co_return std::unexpected(mounted.error());
    }
    const auto& words = host_.setup.broker;
    if (!words.empty()) {
        host_.broker = std::make_unique<broker_process>(
            host_.world,
            runtime::real::program_call{.program = words.front(),
                                        .arguments = {words.begin() + 1, words.end()},
                                        .output = host_.setup.output});
    }
    co_return json::object();
}

bool agent::in_use(exclusive what) const {
    for (const auto& [id, each] : acts_) {
        if (!each.outcome && each.what->uses() == what) return true;
    }
    return false;
}

agent::reply agent::apply(const json& request) {
    const auto id = request.at("act").get<act_id>();
    const milliseconds heal_after(request.at("heal_after_ms").get<std::int64_t>());
    auto made = make_act(id, node_fault_from(request.at("fault")), host_);
    if (!made) co_return std::unexpected(made.error());
    const exclusive uses = (*made)->uses();
    if (acts_.contains(id)) co_return std::unexpected(fmt::format("there is an act {}", id));
    if (uses != exclusive::nothing && in_use(uses)) {
        co_return std::unexpected("another fault of its kind is open on this host");
    }
    open_act& opened = acts_[id];
    opened.what = std::move(*made);
    act_result done = co_await opened.what->apply();
    opened.busy = false;
    act_done_.notify_all();
    if (!done) {
        opened.outcome = done;
    } else {
        timers_.spawn(undo_later(id, heal_after));
    }
    co_return as_outcome(done);
}

agent::reply agent::heal(const json& request) {
    const auto id = request.at("act").get<act_id>();
    if (!acts_.contains(id)) co_return std::unexpected(fmt::format("there is no act {}", id));
    co_return as_outcome(co_await undo(id));
}

/// Once only: whoever comes second waits for the first, and hears the same.
runtime::awaitable<act_result> agent::undo(act_id id) {
    open_act& which = acts_.at(id);
    while (which.busy) co_await act_done_.wait();
    if (!which.outcome) {
        which.busy = true;
        which.outcome = co_await which.what->undo();
        which.busy = false;
        act_done_.notify_all();
    }
    co_return *which.outcome;
}

runtime::awaitable<void> agent::undo_later(act_id id, runtime::duration span) {
    co_await host_.world.sleep_for(span);
    (void)co_await undo(id);  // Kept, for the one who asks.
}

runtime::awaitable<void> agent::leave_nothing_behind() {
    for (auto& [id, each] : acts_) {
        each.busy = false;  // Whoever was at it has been cancelled.
        // A broker that was killed would be started again.
        if (each.outcome || each.what->uses() == exclusive::process) continue;
        // Nobody is left to tell of what could not be undone; a host's namespaces end with us.
        (void)co_await undo(id);
    }
}

runtime::awaitable<std::expected<void, std::string>> agent::undo_all() {
    std::expected<void, std::string> all;
    for (auto& [id, each] : acts_) {
        if (each.outcome) continue;
        const act_result done = co_await undo(id);
        if (!done && all) all = std::unexpected(done.error());
    }
    co_return all;
}

}  // namespace verdikt::nemesis::agent
