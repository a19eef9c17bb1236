#include "nemesis/agent/process_acts.h"

#include "runtime/check.h"
#include "runtime/deadline.h"

#include <fmt/format.h>

namespace verdikt::nemesis::agent {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr std::chrono::seconds listen_patience{20};
constexpr milliseconds listen_look_interval{50};

act_result started_again(broker_process& broker) {
    const auto started = broker.start();
    if (!started) return std::unexpected(started.error());
    return evidence{.bit = false,
                    .text = fmt::format("started again as process {}", broker.id()),
                    .counts = {}};
}

act_result ended(const broker_process& broker) {
    const auto& end = broker.last_end();
    CHECK(end.has_value());
    return evidence{.bit = true,
                    .text = fmt::format("process {} ended {}", broker.id(), describe(*end)),
                    .counts = {}};
}

runtime::awaitable<bool> accepts_connections(host& on) {
    const auto stream = co_await on.world.net().connect(
        {.host = on.setup.addresses.at(on.setup.self), .port = on.setup.ports.front()});
    co_return stream.has_value();
}

/// So that a rolling restart does not take the next broker away while this one still starts.
runtime::awaitable<bool> until_it_listens(host& on) {
    if (on.setup.ports.empty()) co_return true;
    const auto until = on.world.now() + listen_patience;
    while (on.broker->running() && on.world.now() < until) {
        const auto connected = co_await runtime::with_deadline(
            on.world, on.world.now() + listen_look_interval, accepts_connections(on));
        if (connected.value_or(false)) co_return true;
        co_await on.world.sleep_for(listen_look_interval);
    }
    co_return false;
}

const std::string not_running = "the broker does not run";

class process_act : public act {
  public:
    explicit process_act(host& on) : on_(on) {}
    [[nodiscard]] exclusive uses() const override { return exclusive::process; }

  protected:
    [[nodiscard]] broker_process& broker() { return *on_.broker; }
    [[nodiscard]] host& here() { return on_; }
    [[nodiscard]] runtime::instant now() const { return on_.world.now(); }

  private:
    host& on_;
};

class kill final : public process_act {
  public:
    using process_act::process_act;

    runtime::awaitable<act_result> apply() override {
        if (!broker().running()) co_return std::unexpected(not_running);
        co_await broker().kill();
        co_return ended(broker());
    }
    runtime::awaitable<act_result> undo() override { co_return started_again(broker()); }
};

class stop final : public process_act {
  public:
    using process_act::process_act;

    runtime::awaitable<act_result> apply() override {
        if (!broker().running()) co_return std::unexpected(not_running);
        co_await broker().end(end_patience);
        co_return ended(broker());
    }
    runtime::awaitable<act_result> undo() override { co_return started_again(broker()); }
};

class pause final : public process_act {
  public:
    using process_act::process_act;

    runtime::awaitable<act_result> apply() override {
        if (!broker().running()) co_return std::unexpected(not_running);
        if (!co_await broker().pause())
            co_return std::unexpected("the broker does not stand still");
        since_ = now();
        paused_ = broker().id();
        co_return evidence{.bit = true,
                           .text = fmt::format("process {} stands still", broker().id()),
                           .counts = {}};
    }

    runtime::awaitable<act_result> undo() override {
        const auto span = duration_cast<milliseconds>(now() - since_);
        if (broker().id() != paused_) {
            co_return evidence{.bit = true,
                               .text = "stood still until another fault's end replaced it",
                               .counts = {}};
        }
        if (!co_await broker().resume()) co_return std::unexpected("the broker did not go on");
        co_return evidence{.bit = true,
                           .text = fmt::format("stood still for {} ms", span.count()),
                           .counts = {{"paused_ms", span.count()}}};
    }

  private:
    runtime::instant since_{};
    pid_t paused_ = 0;
};

class restart final : public process_act {
  public:
    using process_act::process_act;

    runtime::awaitable<act_result> apply() override {
        if (!broker().running()) co_return std::unexpected(not_running);
        const auto begun = now();
        co_await broker().end(end_patience);
        const act_result end = ended(broker());
        const act_result again = started_again(broker());
        if (!again) co_return again;
        if (!co_await until_it_listens(here())) {
            co_return std::unexpected("the broker was started again, and does not listen");
        }
        const auto span = duration_cast<milliseconds>(now() - begun);
        co_return evidence{.bit = true,
                           .text = fmt::format("{}, {}", end->text, again->text),
                           .counts = {{"restart_ms", span.count()}}};
    }
    runtime::awaitable<act_result> undo() override { co_return evidence{}; }
};

}  // namespace

std::unique_ptr<act> make_kill(host& on) {
    return std::make_unique<kill>(on);
}

std::unique_ptr<act> make_stop(host& on) {
    return std::make_unique<stop>(on);
}

std::unique_ptr<act> make_pause(host& on) {
    return std::make_unique<pause>(on);
}

std::unique_ptr<act> make_restart(host& on) {
    return std::make_unique<restart>(on);
}

}  // namespace verdikt::nemesis::agent
