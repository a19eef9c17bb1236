#include "checker/history/fields.h"

#include "checker/history/time_max.h"
#include "runtime/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace verdikt::checker::history {

namespace {

constexpr std::array<std::string_view, 7> names{
    "index", "time", "process", "type", "f", "value", "error"};

std::unexpected<std::string> refuse(field which, std::string_view wanted) {
    return std::unexpected(
        fmt::format("'{}' is not {}", names[static_cast<std::size_t>(which)], wanted));
}

std::expected<void, std::string> set_time(operation& into, datum_view what) {
    if (!what.is_integer()) return refuse(field::time, "an integer");
    const bool bounded = what.integer() > -time_max && what.integer() < time_max;
    if (!bounded) return refuse(field::time, "a time that a run can have");
    into.time = what.integer();
    return {};
}

std::expected<void, std::string> set_process(operation& into, datum_view what) {
    if (what.is_integer() && what.integer() >= 0) {
        into.process = what.integer();
        return {};
    }
    // Jepsen names its nemesis; whatever else has a name is no client either.
    if (!what.is_name()) return refuse(field::process, "a number from 0, nor a name");
    into.process = nemesis_process;
    return {};
}

std::expected<void, std::string> set_type(operation& into, datum_view what) {
    const auto type = op_type_of(what.name());
    if (!type) return refuse(field::type, "invoke, ok, fail or info");
    into.type = *type;
    return {};
}

std::expected<void, std::string> set_f(operation& into, datum_view what) {
    if (!what.is_name() && !what.is_nil()) return refuse(field::f, "a name");
    into.f = what.name();
    return {};
}

}  // namespace

field field_named(std::string_view name) {
    const auto found = std::ranges::find(names, name);
    return static_cast<field>(found - names.begin());
}

std::string_view field_check::missing() const {
    if (!has(field::process)) return "an operation without 'process'";
    if (!has(field::type)) return "an operation without 'type'";
    return {};
}

std::expected<void, std::string> set_field(operation& into, field which, datum_view what) {
    switch (which) {
        case field::index:
            if (!what.is_integer()) return refuse(which, "an integer");
            into.index = what.integer();
            return {};
        case field::time:
            return set_time(into, what);
        case field::process:
            return set_process(into, what);
        case field::type:
            return set_type(into, what);
        case field::f:
            return set_f(into, what);
        case field::value:
        case field::error:
        case field::other:
            break;
    }
    CHECK(false, "no plain field");
    return {};
}

}  // namespace verdikt::checker::history
