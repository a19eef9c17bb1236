#include "client/configuration.h"

#include "kafka/records/compression.h"
#include "runtime/nearest_name.h"
#include "runtime/parse_number.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <type_traits>

namespace verdikt::client {

namespace {

template <typename Member>
using value_of =
    std::remove_cvref_t<decltype(std::declval<client_config>().*std::declval<Member>())>;

const setting* find_setting(std::string_view name) {
    const auto known = settings();
    const auto found = std::ranges::find(known, name, &setting::name);
    return found == known.end() ? nullptr : &*found;
}

std::string nearest_setting(role who, std::string_view name) {
    std::vector<std::string_view> names;
    for (const setting& each : settings()) {
        if (each.used_by(who)) names.push_back(each.name);
    }
    return std::string(runtime::nearest_name(name, names));
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> items;
    while (!text.empty()) {
        const auto comma = text.find(',');
        const auto item = trimmed(text.substr(0, comma));
        if (!item.empty()) items.emplace_back(item);
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    }
    return items;
}

bool store(std::string& into, std::string_view text) {
    into = text;
    return true;
}
bool store(std::vector<std::string>& into, std::string_view text) {
    into = split_list(text);
    return true;
}
bool store(bool& into, std::string_view text) {
    into = text == "true";
    return text == "true" || text == "false";
}
bool store(std::int64_t& into, std::string_view text) {
    const auto number = runtime::parse_number<std::int64_t>(text);
    into = number.value_or(0);
    return number.has_value();
}
bool store(milliseconds& into, std::string_view text) {
    const auto number = runtime::parse_number<std::int64_t>(text);
    into = milliseconds(number.value_or(0));
    return number.has_value();
}

std::string to_text(const std::string& value) {
    return value;
}
std::string to_text(const std::vector<std::string>& value) {
    return fmt::format("{}", fmt::join(value, ","));
}
std::string to_text(bool value) {
    return value ? "true" : "false";
}
std::string to_text(std::int64_t value) {
    return fmt::to_string(value);
}
std::string to_text(milliseconds value) {
    return fmt::to_string(value.count());
}

std::optional<std::string> out_of_bounds(const setting& which, std::int64_t value) {
    if (value >= which.min && value <= which.max) return std::nullopt;
    return fmt::format("{}={} is out of bounds: it must lie between {} and {}",
                       which.name,
                       value,
                       which.min,
                       which.max);
}
std::optional<std::string> fault_in(const setting& which, std::int64_t value) {
    return out_of_bounds(which, value);
}
std::optional<std::string> fault_in(const setting& which, milliseconds value) {
    return out_of_bounds(which, value.count());
}
std::optional<std::string> fault_in(const setting& which, const std::string& value) {
    if (which.choices.empty() || std::ranges::find(which.choices, value) != which.choices.end()) {
        return std::nullopt;
    }
    return fmt::format(
        "{}={} is not one of: {}", which.name, value, fmt::join(which.choices, ", "));
}
std::optional<std::string> fault_in(const setting&, bool) {
    return std::nullopt;
}
std::optional<std::string> fault_in(const setting&, const std::vector<std::string>&) {
    return std::nullopt;
}

bool is_acks_all(const client_config& config) {
    return config.acks == "all" || config.acks == "-1";
}

std::optional<std::string> producer_rule_broken(const client_config& config) {
    if (config.delivery_timeout_ms < config.linger_ms + config.request_timeout_ms) {
        return "delivery.timeout.ms must not be less than linger.ms + request.timeout.ms";
    }
    if (!config.transactional_id.empty() && !config.enable_idempotence) {
        return "transactional.id needs enable.idempotence";
    }
    if (!config.enable_idempotence) return std::nullopt;
    if (!is_acks_all(config)) return "enable.idempotence needs acks=all";
    if (config.retries == 0) return "enable.idempotence needs retries > 0";
    if (config.max_in_flight_requests_per_connection > 5) {
        return "enable.idempotence needs max.in.flight.requests.per.connection <= 5: brokers "
               "remember "
               "the last five batches";
    }
    return std::nullopt;
}

std::optional<std::string> consumer_rule_broken(const client_config& config) {
    if (config.heartbeat_interval_ms >= config.session_timeout_ms) {
        return "heartbeat.interval.ms must be less than session.timeout.ms";
    }
    if (config.partition_assignment_strategy.empty()) {
        return "partition.assignment.strategy names no assignor";
    }
    static constexpr std::string_view known[] = {"range", "roundrobin", "cooperative-sticky"};
    for (const std::string& name : config.partition_assignment_strategy) {
        if (std::ranges::find(known, name) != std::end(known)) continue;
        return fmt::format("partition.assignment.strategy={}: did you mean {}?",
                           name,
                           runtime::nearest_name(name, known));
    }
    return std::nullopt;
}

}  // namespace

std::expected<client_config, std::string> client_config::parse(
    role who, const std::map<std::string, std::string>& properties) {
    client_config config;
    // Java leaves idempotence off, without complaint, where another setting that was given rules it
    // out.
    if (!properties.contains("enable.idempotence")) {
        const auto acks = properties.find("acks");
        const bool weak_acks =
            acks != properties.end() && acks->second != "all" && acks->second != "-1";
        const auto retries = properties.find("retries");
        const auto in_flight = properties.find("max.in.flight.requests.per.connection");
        const bool too_many_in_flight =
            in_flight != properties.end() &&
            runtime::parse_number<std::int64_t>(trimmed(in_flight->second)) > 5;
        config.enable_idempotence = !weak_acks && !too_many_in_flight &&
                                    (retries == properties.end() || retries->second != "0");
    }
    for (const auto& [name, text] : properties) {
        const setting* which = find_setting(name);
        if (which == nullptr || !which->used_by(who)) {
            return std::unexpected(fmt::format("unknown configuration key {}; did you mean {}?",
                                               name,
                                               nearest_setting(who, name)));
        }
        const bool stored = std::visit(
            [&](auto member) { return store(config.*member, trimmed(text)); }, which->where);
        if (!stored) return std::unexpected(fmt::format("{}={} cannot be read", name, text));
    }
    if (auto fault = config.find_fault(who)) return std::unexpected(std::move(*fault));
    return config;
}

std::optional<std::string> client_config::find_fault(role who) const {
    if (bootstrap_servers.empty()) return "bootstrap.servers is missing";
    for (const setting& each : settings()) {
        if (!each.used_by(who)) continue;
        auto fault =
            std::visit([&](auto member) { return fault_in(each, this->*member); }, each.where);
        if (fault) return fault;
    }
    switch (who) {
        case role::producer:
            return producer_rule_broken(*this);
        case role::consumer:
            return consumer_rule_broken(*this);
        case role::admin:
            return std::nullopt;
    }
    return std::nullopt;
}

std::string setting::default_text() const {
    static const client_config defaults;
    return std::visit([](auto member) { return to_text(defaults.*member); }, where);
}

}  // namespace verdikt::client
