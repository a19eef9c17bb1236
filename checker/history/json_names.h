/// How JSON, which has one kind of string, tells keywords from texts; writer.h has the rule.
#pragma once

#include "checker/history/datum.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace verdikt::checker::history {

/// Where in an operation's value a datum stands.
enum class place : std::uint8_t {
    /// The value itself, a list of micro-operations.
    outermost,
    micro_operation,
    /// The first element of a micro-operation: what it does.
    act,
    elsewhere,
};

[[nodiscard]] constexpr place place_of_element(place where, bool first) {
    if (where == place::outermost) return place::micro_operation;
    return where == place::micro_operation && first ? place::act : place::elsewhere;
}

/// The integer that a map's key stands for, if it looks like one as we would write it.
[[nodiscard]] std::optional<std::int64_t> integer_key(std::string_view letters);

/// What a JSON string means there.
void add_name(datum& into, std::string_view letters, place where);
void add_key_of_map(datum& into, std::string_view letters);

}  // namespace verdikt::checker::history
