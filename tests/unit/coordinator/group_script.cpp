#include "tests/unit/coordinator/group_script.h"

#include "broker/coordinator/subscription.h"
#include "kafka/error_codes.h"
#include "kafka/messages/consumer_protocol.h"
#include "kafka/messages/versioned.h"
#include "runtime/check.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace verdikt::broker::coordinator {

using kafka::error_code;

namespace {

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> parts;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, at);) parts.push_back(part);
    return parts;
}

std::vector<std::byte> bytes_of(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string topics_of(const std::vector<std::byte>& metadata) {
    const auto topics = subscribed_topics(metadata);
    return topics ? fmt::format("{}", fmt::join(*topics, "+")) : text_of(metadata);
}

std::string shown(const std::optional<std::string>& text) {
    return text.value_or("-");
}

error_code error_named(const std::string& wanted) {
    for (int code = -1; code < 140; ++code) {
        const auto error = kafka::to_error_code(static_cast<std::int16_t>(code));
        if (kafka::name(error) == wanted) return error;
    }
    throw std::invalid_argument("no such error: " + wanted);
}

std::string describe_timer(const timer_name& which) {
    switch (which.kind) {
        case timer_kind::session:
            return "session " + which.member_id;
        case timer_kind::pending_member:
            return "pending " + which.member_id;
        case timer_kind::rebalance:
            return "rebalance";
        case timer_kind::sync:
            return "sync";
    }
    return {};
}

std::string describe_join(const join_reply& reply) {
    std::string text = fmt::format("{}", kafka::name(reply.error));
    if (!reply.member_id.empty()) text += " member " + reply.member_id;
    if (reply.error != error_code::none) return text;
    text += fmt::format(" gen {} protocol {}/{} leader {}",
                        reply.in,
                        shown(reply.protocol_type),
                        shown(reply.protocol_name),
                        reply.leader);
    if (reply.skip_assignment) text += " skip";
    for (const joined_member& member : reply.members) {
        text += fmt::format(" [{}", member.member_id);
        if (member.instance_id) text += " instance " + *member.instance_id;
        text += fmt::format(" {}]", topics_of(member.metadata));
    }
    return text;
}

std::string describe_stored(const stored_group& state) {
    std::string text = fmt::format("gen {} protocol {}/{} leader {}",
                                   state.in,
                                   state.protocol_type,
                                   shown(state.protocol),
                                   shown(state.leader));
    for (const stored_member& member : state.members) {
        text += fmt::format(" [{}", member.member_id);
        if (member.instance_id) text += " instance " + *member.instance_id;
        text += fmt::format(" {}: {}]", topics_of(member.subscription), text_of(member.assignment));
    }
    return text;
}

}  // namespace

std::vector<std::byte> subscription_to(std::string_view topics) {
    kafka::messages::consumer_protocol_subscription wanted;
    wanted.topics = split(std::string(topics), '+');
    return kafka::messages::encode_versioned(wanted, 0).value();
}

std::string describe(const effect& which) {
    struct describer {
        std::string operator()(const arm_timer& arm) const {
            return fmt::format("arm {} {}ms", describe_timer(arm.which), arm.after.count());
        }
        std::string operator()(const cancel_timer& cancel) const {
            return "cancel " + describe_timer(cancel.which);
        }
        std::string operator()(const answer_join& answer) const {
            return fmt::format("join {}: {}", answer.to, describe_join(answer.reply));
        }
        std::string operator()(const answer_sync& answer) const {
            return fmt::format("sync {}: {} {}",
                               answer.to,
                               kafka::name(answer.reply.error),
                               text_of(answer.reply.assignment));
        }
        std::string operator()(const store_group& store) const {
            return "store " + describe_stored(store.state);
        }
    };
    return std::visit(describer{}, which);
}

bool group_script::words::has(const std::string& flag) const {
    return std::ranges::find(plain, flag) != plain.end();
}

std::string group_script::words::get(const std::string& key, std::string fallback) const {
    const auto found = named.find(key);
    return found == named.end() ? std::move(fallback) : found->second;
}

group_script::words group_script::parse(const std::string& line) {
    words event;
    std::istringstream in(line.substr(1));
    in >> event.verb;
    for (std::string word; in >> word;) {
        const auto equals = word.find('=');
        if (equals == std::string::npos) {
            event.plain.push_back(word);
        } else {
            event.named[word.substr(0, equals)] = word.substr(equals + 1);
        }
    }
    return event;
}

group_script::group_script() : machine_(settings_), last_state_(state_line()) {}

std::string group_script::play(const std::string& script) {
    std::string played;
    for (const std::string& line : split(script, '\n')) {
        if (line.starts_with("    ")) continue;
        played += line + "\n";
        if (line.starts_with(">")) played += play_event(parse(line));
    }
    return played;
}

std::string group_script::play_event(const words& event) {
    effects out;
    const std::string returned = outcome(event, out);
    machine_.check_invariants();
    std::string text;
    if (!returned.empty()) text += fmt::format("    {}\n", returned);
    for (const effect& which : out) {
        text += fmt::format("    {}\n", describe(which));
        if (const auto* store = std::get_if<store_group>(&which)) writing_.push_back(*store);
    }
    const std::string state = state_line();
    if (state != last_state_) text += fmt::format("    {}\n", state);
    last_state_ = state;
    return text;
}

std::string group_script::outcome(const words& event, effects& out) {
    const std::string instance = event.get("instance");
    const member_identity who{event.get("as"),
                              instance.empty() ? std::nullopt : std::optional(instance),
                              generation(std::stoi(event.get("gen", "-1")))};
    const auto named = [](error_code code) { return std::string(kafka::name(code)); };
    if (event.verb == "settings") {
        settings_.initial_delay = milliseconds(std::stoi(event.get("delay", "3000")));
        settings_.max_size = std::stoul(event.get("max", "1000"));
        machine_ = group(settings_);
        return {};
    }
    if (event.verb == "heartbeat") return named(machine_.heartbeat(who, out));
    if (event.verb == "leave") return named(machine_.leave(who, out));
    if (event.verb == "commit") return named(machine_.admit_commit(who, out));
    if (event.verb == "delete") return named(machine_.begin_deletion());
    if (event.verb == "join") {
        join(event, out);
    } else if (event.verb == "sync") {
        sync(event, out);
    } else if (event.verb == "fire") {
        fire(event, out);
    } else if (event.verb == "stored") {
        stored(event, out);
    } else if (event.verb == "restart") {
        writing_.clear();
        machine_ = group::restore(settings_, last_written_, out);
    } else if (event.verb == "undo") {
        machine_.undo_deletion();
    } else if (event.verb == "abandon") {
        machine_.abandon(error_code::not_coordinator, out);
    } else {
        throw std::invalid_argument("no such event: " + event.verb);
    }
    return {};
}

void group_script::join(const words& event, effects& out) {
    const std::string number = event.plain.at(0);
    const std::string instance = event.get("instance");
    const std::string type = event.get("type", consumer_protocol_type);
    join_event joining{
        .from = ticket(std::stoul(number)),
        .member_id = event.get("as"),
        .instance_id = instance.empty() ? std::nullopt : std::optional(instance),
        .client_id = "client",
        .client_host = "/127.0.0.1",
        .session_timeout = milliseconds(std::stoi(event.get("session", "10000"))),
        .rebalance_timeout = milliseconds(std::stoi(event.get("rebalance", "60000"))),
        .protocol_type = type,
        .fresh_member_id = "m" + number,
        .member_id_required = event.has("required"),
        .may_skip_assignment = event.has("skip")};
    for (const std::string& protocol : split(event.get("protocols", "range/t"), ',')) {
        const auto slash = protocol.find('/');
        const std::string told = protocol.substr(slash + 1);
        joining.protocols.push_back(
            {protocol.substr(0, slash),
             type == consumer_protocol_type ? subscription_to(told) : bytes_of(told)});
    }
    machine_.join(std::move(joining), out);
}

void group_script::sync(const words& event, effects& out) {
    const std::string instance = event.get("instance");
    sync_event syncing{.from = ticket(std::stoul(event.plain.at(0))),
                       .who = {event.get("as"),
                               instance.empty() ? std::nullopt : std::optional(instance),
                               generation(std::stoi(event.get("gen")))}};
    if (event.named.contains("type")) syncing.protocol_type = event.get("type");
    if (event.named.contains("protocol")) syncing.protocol_name = event.get("protocol");
    for (const std::string& part : split(event.get("assign"), ',')) {
        const auto colon = part.find(':');
        syncing.assignments.push_back({part.substr(0, colon), bytes_of(part.substr(colon + 1))});
    }
    machine_.sync(std::move(syncing), out);
}

void group_script::fire(const words& event, effects& out) {
    const std::map<std::string, timer_kind> kinds{{"session", timer_kind::session},
                                                  {"pending", timer_kind::pending_member},
                                                  {"rebalance", timer_kind::rebalance},
                                                  {"sync", timer_kind::sync}};
    const std::string member = event.plain.size() > 1 ? event.plain[1] : "";
    machine_.timer_fired({kinds.at(event.plain.at(0)), member}, out);
}

void group_script::stored(const words& event, effects& out) {
    CHECK(!writing_.empty(), "nothing is being written");
    const store_group written = std::move(writing_.front());
    writing_.pop_front();
    const error_code result =
        event.plain.empty() ? error_code::none : error_named(event.plain.front());
    if (result == error_code::none) last_written_ = written.state;
    machine_.stored(written.why, result, out);
}

std::string group_script::state_line() const {
    return fmt::format("now {} gen {} members [{}]",
                       name(machine_.state()),
                       machine_.in(),
                       fmt::join(
                           [&] {
                               std::vector<std::string> ids;
                               for (const auto& [id, member] : machine_.members())
                                   ids.push_back(id);
                               return ids;
                           }(),
                           " "));
}

}  // namespace verdikt::broker::coordinator
