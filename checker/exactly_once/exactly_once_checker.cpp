#include "checker/exactly_once/exactly_once_checker.h"

#include "checker/exactly_once/evidence.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::checker::exactly_once {

namespace {

using history::op_type;

std::uint64_t count_of(const recording& history, op_type type) {
    return static_cast<std::uint64_t>(std::ranges::count(history.attempts, type, &attempt::type));
}

void count(const recording& history, findings& into) {
    const auto known = [](const input& one) { return one.partition != none; };
    const auto read = [](const output& one) { return one.is_read != 0; };
    into.count("operations", history.operations);
    into.count("transactions committed", count_of(history, op_type::ok));
    into.count("transactions aborted", count_of(history, op_type::fail));
    into.count("transactions unknown", count_of(history, op_type::info));
    into.count("inputs read",
               static_cast<std::uint64_t>(std::ranges::count_if(history.inputs, known)));
    into.count("outputs read",
               static_cast<std::uint64_t>(std::ranges::count_if(history.outputs, read)));
    into.count("instances that began", history.takeovers.size());
    into.count("inputs that lie in their log twice",
               static_cast<std::uint64_t>(std::ranges::count(history.inputs, true, &input::twice)));
}

void doubt_what_is_too_little(const recording& history, const settings& asked, findings& into) {
    const std::uint64_t committed = count_of(history, op_type::ok);
    if (committed < asked.transactions_min) {
        into.doubt(fmt::format("{} transactions were committed; fewer than {} prove nothing",
                               committed,
                               asked.transactions_min));
    }
    if (history.group_offsets.empty()) {
        into.doubt("the offsets that the group committed were never read");
    }
}

}  // namespace

judgement check(const recording& history, const settings& asked) {
    const evidence seen(history, asked);
    findings found;
    count(history, found);
    doubt_what_is_too_little(history, asked, found);
    check_duplicates(seen, found);
    check_losses(seen, found);
    check_zombies(seen, found);
    check_offsets(seen, found);
    return found.judge();
}

}  // namespace verdikt::checker::exactly_once
