#include "nemesis/agent/delay_acts.h"

#include "nemesis/agent/packet_queue.h"
#include "nemesis/agent/run_program.h"
#include "runtime/parse_number.h"

#include <fmt/format.h>

#include <csignal>

namespace verdikt::nemesis::agent {

namespace {

using words = std::vector<std::string>;
using std::chrono::microseconds;
using std::chrono::milliseconds;

words netem(std::string_view verb, std::string_view device) {
    return {"tc", "qdisc", std::string(verb), "dev", std::string(device), "root", "netem"};
}

/// Needs the smallest of delays to be tried.
bool has_netem() {
    words trial = netem("add", "lo");
    trial.insert(trial.end(), {"delay", "1ms"});
    return run_or_reason(trial).has_value() && run_or_reason(netem("del", "lo")).has_value();
}

words queue_rule(std::string_view verb, std::string_view device) {
    return {"iptables",
            "-w",
            "-t",
            "mangle",
            std::string(verb),
            "PREROUTING",
            "-i",
            std::string(device),
            "-j",
            "NFQUEUE",
            "--queue-num",
            std::to_string(held_queue),
            "--queue-bypass"};
}

/// The packets that our rule has met: the first number of the line that names the queue.
std::int64_t packets_queued() {
    const auto listing = run_or_reason({"iptables", "-w", "-t", "mangle", "-nvxL", "PREROUTING"});
    if (!listing) return 0;
    const std::size_t rule = listing->find("NFQUEUE");
    if (rule == std::string::npos) return 0;
    const std::size_t line = listing->rfind('\n', rule) + 1;
    const std::size_t begin = listing->find_first_not_of(' ', line);
    const std::size_t end = listing->find(' ', begin);
    return runtime::parse_number<std::int64_t>(
               std::string_view(*listing).substr(begin, end - begin))
        .value_or(0);
}

evidence delayed(std::int64_t packets) {
    return {.bit = packets > 0,
            .text = fmt::format("{} packets came late", packets),
            .counts = {{"packets_delayed", packets}}};
}

const evidence in_place{.bit = false, .text = "delay in place", .counts = {}};

class netem_act final : public act {
  public:
    netem_act(delay_packets what, const host& on) : what_(what), on_(on) {}
    /// netem and a limit of the rate both want to be the device's first queue.
    [[nodiscard]] exclusive uses() const override { return exclusive::rate; }

    runtime::awaitable<act_result> apply() override {
        words command = netem("add", on_.setup.device);
        command.insert(command.end(),
                       {"delay",
                        fmt::format("{}ms", what_.delay.count()),
                        fmt::format("{}ms", what_.jitter.count())});
        const auto done = run_or_reason(std::move(command));
        if (!done) co_return std::unexpected(done.error());
        co_return in_place;
    }

    runtime::awaitable<act_result> undo() override {
        const auto listing = run_or_reason({"tc", "-s", "qdisc", "show", "dev", on_.setup.device});
        const auto removed = run_or_reason(netem("del", on_.setup.device));
        if (!removed) co_return std::unexpected(removed.error());
        co_return delayed(listing ? sent(*listing) : 0);
    }

  private:
    /// `Sent 4242 bytes 17 pkt (…`
    static std::int64_t sent(std::string_view listing) {
        const std::size_t end = listing.find(" pkt ");
        if (end == std::string_view::npos) return 0;
        const std::size_t begin = listing.rfind(' ', end - 1) + 1;
        return runtime::parse_number<std::int64_t>(listing.substr(begin, end - begin)).value_or(0);
    }

    delay_packets what_;
    const host& on_;
};

/// The queue is served by a process of its own: an agent that waits for a tool must not hold up
/// packets for longer than was asked.
class queue_act final : public act {
  public:
    queue_act(delay_packets what, host& on) : what_(what), on_(on) {}
    [[nodiscard]] exclusive uses() const override { return exclusive::latency; }

    runtime::awaitable<act_result> apply() override {
        const auto queue = packet_queue::open(held_queue);
        if (!queue) co_return std::unexpected(queue.error());
        const auto microseconds_of = [](milliseconds span) { return microseconds(span).count(); };
        server_.emplace(
            on_.world.get_executor(),
            runtime::real::program_call{
                .program = runtime::real::own_program(),
                .arguments = {"agent",
                              fmt::format("--hold-packets={}", microseconds_of(what_.delay)),
                              fmt::format("--jitter={}", microseconds_of(what_.jitter))},
                .output = "/dev/null",
                .channel = queue->socket()});
        const auto done = run_or_reason(queue_rule("-A", on_.setup.device));
        if (!done) co_return std::unexpected(done.error());
        co_return in_place;
    }

    runtime::awaitable<act_result> undo() override {
        const std::int64_t packets = packets_queued();
        const auto removed = run_or_reason(queue_rule("-D", on_.setup.device));
        if (!removed) co_return std::unexpected(removed.error());
        // Those that are still held are let go in time; with the queue they would be dropped.
        co_await on_.world.sleep_for(what_.delay + what_.jitter);
        server_.reset();
        co_return delayed(packets);
    }

  private:
    delay_packets what_;
    host& on_;
    std::optional<runtime::real::child_process> server_;
};

}  // namespace

std::optional<std::string> try_delay() {
    if (has_netem()) return std::nullopt;
    if (!find_program("iptables")) {
        return "the kernel has no netem, and there is no program 'iptables': install iptables";
    }
    if (const auto queue = packet_queue::open(held_queue); !queue) {
        return "the kernel has no netem, and " + queue.error();
    }
    const auto added = run_or_reason(queue_rule("-A", "lo"));
    if (!added) return "the kernel has no netem, and " + added.error();
    const auto removed = run_or_reason(queue_rule("-D", "lo"));
    return removed ? std::nullopt : std::optional(removed.error());
}

std::unique_ptr<act> make_delay(const delay_packets& what, host& on) {
    static const bool netem = has_netem();
    if (netem) return std::make_unique<netem_act>(what, on);
    return std::make_unique<queue_act>(what, on);
}

}  // namespace verdikt::nemesis::agent
