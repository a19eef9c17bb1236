#include "nemesis/schedule.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace verdikt::nemesis {

namespace {

using nlohmann::ordered_json;
using std::chrono::milliseconds;

/// Thrown within this file alone, to leave nested readers.
struct malformed {
    std::string reason;
};

[[noreturn]] void refuse(std::string reason) {
    throw malformed{std::move(reason)};
}

template <typename T>
T value_or_refuse(std::expected<T, std::string> parsed, std::string_view field) {
    if (!parsed) refuse(fmt::format("{}: {}", field, parsed.error()));
    return std::move(*parsed);
}

const ordered_json& field(const ordered_json& of, const char* name) {
    const auto found = of.find(name);
    if (found == of.end()) refuse(fmt::format("'{}' is missing", name));
    return *found;
}

std::int64_t number(const ordered_json& value, std::string_view name) {
    if (!value.is_number_integer()) refuse(fmt::format("'{}' is not a whole number", name));
    return value.get<std::int64_t>();
}

/// Longer than any trial, and far from where sums of nanoseconds end.
constexpr std::int64_t span_ms_max = std::int64_t{365} * 24 * 3600 * 1000;

milliseconds span(const ordered_json& of, const char* name) {
    const std::int64_t count = number(field(of, name), name);
    if (count < 0) refuse(fmt::format("'{}' is below zero", name));
    if (count > span_ms_max) refuse(fmt::format("'{}' is more than a year", name));
    return milliseconds(count);
}

std::string text(const ordered_json& of, const char* name) {
    const ordered_json& value = field(of, name);
    if (!value.is_string()) refuse(fmt::format("'{}' is not a text", name));
    return value.get<std::string>();
}

std::uint64_t seed(const ordered_json& of) {
    const ordered_json& value = field(of, "seed");
    if (!value.is_number_unsigned()) refuse("'seed' is not a whole number from 0 on");
    return value.get<std::uint64_t>();
}

void read_parameters(const ordered_json& of, fault& into) {
    const auto given = of.find("parameters");
    if (given == of.end()) return;
    if (!given->is_object()) refuse("'parameters' is not an object");
    for (const auto& [name, value] : given->items()) {
        const auto known = describe(into.kind).parameters;
        const auto is_known = [&](const fault_parameter& each) { return each.name == name; };
        if (std::ranges::none_of(known, is_known)) {
            refuse(fmt::format("{} has no parameter '{}'", to_text(into.kind), name));
        }
        const std::int64_t count = number(value, name);
        if (count < 0) refuse(fmt::format("'{}' is below zero", name));
        into.parameters[name] = count;
    }
}

step read_step(const ordered_json& of) {
    if (!of.is_object()) refuse("not an object");
    step read{.at = span(of, "at_ms"), .lasts = span(of, "lasts_ms"), .what = {}, .seed = seed(of)};
    read.what.kind = value_or_refuse(parse_fault_kind(text(of, "fault")), "fault");
    if (of.contains("target")) {
        read.what.target = value_or_refuse(parse_selector(text(of, "target")), "target");
    }
    read_parameters(of, read.what);
    return read;
}

schedule read_schedule(const ordered_json& of) {
    if (!of.is_object()) refuse("a schedule is an object");
    schedule read{.seed = seed(of), .steps = {}};
    const ordered_json& steps = field(of, "steps");
    if (!steps.is_array()) refuse("'steps' is not an array");
    for (const ordered_json& each : steps) {
        try {
            step next = read_step(each);
            const auto place = std::ranges::upper_bound(read.steps, next.at, {}, &step::at);
            read.steps.insert(place, std::move(next));
        } catch (const malformed& fault) {
            refuse(fmt::format("step {}: {}", read.steps.size() + 1, fault.reason));
        }
    }
    return read;
}

ordered_json to_object(const step& each) {
    ordered_json object{{"at_ms", each.at.count()},
                        {"lasts_ms", each.lasts.count()},
                        {"fault", to_text(each.what.kind)}};
    if (!describe(each.what.kind).aims.empty()) object["target"] = to_text(each.what.target);
    if (!each.what.parameters.empty()) object["parameters"] = each.what.parameters;
    object["seed"] = each.seed;
    return object;
}

}  // namespace

std::string to_json(const schedule& which) {
    ordered_json steps = ordered_json::array();
    for (const step& each : which.steps) steps.push_back(to_object(each));
    constexpr int indent = 2;
    return ordered_json{{"seed", which.seed}, {"steps", std::move(steps)}}.dump(indent) + "\n";
}

std::expected<schedule, std::string> schedule_from_json(std::string_view text) {
    const ordered_json parsed = ordered_json::parse(text, nullptr, false);
    if (parsed.is_discarded()) return std::unexpected("not JSON");
    try {
        return read_schedule(parsed);
    } catch (const malformed& fault) {
        return std::unexpected(fault.reason);
    }
}

}  // namespace verdikt::nemesis
