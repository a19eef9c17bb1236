#include "nemesis/agent/network_acts.h"

#include "nemesis/agent/packet_rules.h"
#include "nemesis/agent/run_program.h"
#include "runtime/parse_number.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::nemesis::agent {

namespace {

/// A table of rules with a counter.
class packet_act final : public act {
  public:
    packet_act(act_id id, std::string rules, std::string_view verb)
        : id_(id), rules_(std::move(rules)), verb_(verb) {}

    runtime::awaitable<act_result> apply() override {
        const auto done = run_or_reason({"nft", "-f", "-"}, rules_);
        if (!done) co_return std::unexpected(done.error());
        co_return evidence{.bit = false, .text = "rules in place", .counts = {}};
    }

    runtime::awaitable<act_result> undo() override {
        const auto listing = run_or_reason(counter_query(id_));
        const auto removed = run_or_reason({"nft", "-f", "-"}, removal_of(id_));
        if (!removed) co_return std::unexpected(removed.error());
        if (!listing) co_return std::unexpected(listing.error());
        const auto hits = packets_counted(*listing);
        if (!hits) co_return std::unexpected(hits.error());
        co_return evidence{.bit = *hits > 0,
                           .text = fmt::format("{} packets {}", *hits, verb_),
                           .counts = {{fmt::format("packets_{}", verb_), *hits}}};
    }

  private:
    act_id id_;
    std::string rules_;
    std::string_view verb_;
};

class end_connections_act final : public act {
  public:
    end_connections_act(end_connections what, const host& on) : what_(std::move(what)), on_(on) {}

    runtime::awaitable<act_result> apply() override {
        std::int64_t ended = 0;
        for (const std::int32_t other : what_.with) {
            const std::string& address = on_.setup.addresses.at(other);
            const auto said = run_or_reason({"ss", "-K", "-H", "-t", "-n", "dst", address});
            if (!said) co_return std::unexpected(said.error());
            ended += std::ranges::count(*said, '\n');
        }
        co_return evidence{.bit = ended > 0,
                           .text = fmt::format("{} connections ended", ended),
                           .counts = {{"connections_ended", ended}}};
    }
    runtime::awaitable<act_result> undo() override { co_return evidence{}; }

  private:
    end_connections what_;
    const host& on_;
};

/// The number after a word in what `tc -s` prints.
std::int64_t counted(std::string_view text, std::string_view word) {
    const std::size_t found = text.find(word);
    if (found == std::string_view::npos) return 0;
    const std::string_view rest = text.substr(found + word.size());
    return runtime::parse_number<std::int64_t>(rest.substr(0, rest.find_first_not_of("0123456789")))
        .value_or(0);
}

class rate_act final : public act {
  public:
    rate_act(limit_rate what, const host& on) : what_(what), on_(on) {}

    [[nodiscard]] exclusive uses() const override { return exclusive::rate; }

    runtime::awaitable<act_result> apply() override {
        const auto done = run_or_reason(rate_limit(on_.setup.device, what_.kilobits));
        if (!done) co_return std::unexpected(done.error());
        co_return evidence{.bit = false, .text = "limit in place", .counts = {}};
    }

    runtime::awaitable<act_result> undo() override {
        const auto listing = run_or_reason({"tc", "-s", "qdisc", "show", "dev", on_.setup.device});
        const auto removed = run_or_reason({"tc", "qdisc", "del", "dev", on_.setup.device, "root"});
        if (!removed) co_return std::unexpected(removed.error());
        const std::int64_t held = listing ? counted(*listing, "overlimits ") : 0;
        const std::int64_t dropped = listing ? counted(*listing, "dropped ") : 0;
        co_return evidence{
            .bit = held + dropped > 0,
            .text = fmt::format("{} times packets had to wait, {} were dropped", held, dropped),
            .counts = {{"packets_held", held}, {"packets_dropped", dropped}}};
    }

  private:
    limit_rate what_;
    const host& on_;
};

}  // namespace

std::vector<std::string> rate_limit(std::string_view device, std::int64_t kilobits) {
    // What the bucket lets through at once: little, or a trial that sends little never has to wait.
    return {"tc",
            "qdisc",
            "add",
            "dev",
            std::string(device),
            "root",
            "tbf",
            "rate",
            fmt::format("{}kbit", kilobits),
            "burst",
            "4kb",
            "latency",
            "400ms"};
}

std::unique_ptr<act> make_drop(act_id id, const drop_packets& what, host& on) {
    return std::make_unique<packet_act>(id, rules_of(id, what, on.setup.addresses), "dropped");
}

std::unique_ptr<act> make_refuse(act_id id, const refuse_new_connections& what, host& on) {
    return std::make_unique<packet_act>(
        id, rules_of(id, what, on.setup.addresses, on.setup.ports), "refused");
}

std::unique_ptr<act> make_end_connections(const end_connections& what, host& on) {
    return std::make_unique<end_connections_act>(what, on);
}

std::unique_ptr<act> make_limit_rate(const limit_rate& what, host& on) {
    return std::make_unique<rate_act>(what, on);
}

}  // namespace verdikt::nemesis::agent
