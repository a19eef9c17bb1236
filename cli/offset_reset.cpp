#include "cli/offset_reset.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace verdikt::cli {

namespace {

template <typename... Cases>
struct overloaded : Cases... {
    using Cases::operator()...;
};

/// Takes a decimal number off the front of `text`; nothing if there is none or it does not fit.
template <typename Number>
std::optional<Number> take_number(std::string_view& text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || text.starts_with('-')) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

bool take(std::string_view& text, char expected) {
    if (!text.starts_with(expected)) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::chrono::milliseconds> take_time_of_day(std::string_view& text) {
    const auto hours = take_number<int>(text);
    if (!hours || *hours > 23 || !take(text, ':')) return std::nullopt;
    const auto minutes = take_number<int>(text);
    if (!minutes || *minutes > 59 || !take(text, ':')) return std::nullopt;
    const auto seconds = take_number<int>(text);
    if (!seconds || *seconds > 60) return std::nullopt;
    std::chrono::milliseconds fraction{0};
    if (take(text, '.')) {
        const std::size_t before = text.size();
        const auto digits = take_number<std::int64_t>(text);
        if (!digits || before - text.size() != 3) return std::nullopt;
        fraction = std::chrono::milliseconds(*digits);
    }
    return std::chrono::hours(*hours) + std::chrono::minutes(*minutes) +
           std::chrono::seconds(*seconds) + fraction;
}

/// `Z`, `+02:00`, or nothing for UTC.
std::optional<std::chrono::minutes> take_zone(std::string_view& text) {
    if (text.empty() || take(text, 'Z')) return std::chrono::minutes(0);
    const bool east = text.starts_with('+');
    if (!east && !text.starts_with('-')) return std::nullopt;
    text.remove_prefix(1);
    const auto hours = take_number<int>(text);
    if (!hours || *hours > 14 || !take(text, ':')) return std::nullopt;
    const auto minutes = take_number<int>(text);
    if (!minutes || *minutes > 59) return std::nullopt;
    const auto distance = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
    return east ? distance : -distance;
}

std::optional<std::int64_t> milliseconds_of(char unit, bool in_time_part) {
    if (!in_time_part && unit == 'D') return std::int64_t{86'400'000};
    if (in_time_part && unit == 'H') return std::int64_t{3'600'000};
    if (in_time_part && unit == 'M') return std::int64_t{60'000};
    if (in_time_part && unit == 'S') return std::int64_t{1'000};
    return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> reset_target(const reset_scenario& scenario,
                                         const partition_positions& known) {
    const auto wanted = std::visit(
        overloaded{[&](to_earliest) -> std::optional<std::int64_t> { return known.earliest; },
                   [&](to_latest) -> std::optional<std::int64_t> { return known.latest; },
                   [&](to_current) -> std::optional<std::int64_t> {
                       return known.committed.value_or(known.latest);
                   },
                   [&](to_offset to) -> std::optional<std::int64_t> { return to.offset; },
                   [&](shift_by by) -> std::optional<std::int64_t> {
                       if (!known.committed) return std::nullopt;
                       return *known.committed + by.count;
                   },
                   [&](to_time) -> std::optional<std::int64_t> {
                       return known.at_time.value_or(known.latest);
                   }},
        scenario);
    if (!wanted) return std::nullopt;
    return std::clamp(*wanted, known.earliest, std::max(known.earliest, known.latest));
}

std::expected<topic_selection, std::string> parse_topic_selection(std::string_view text) {
    const std::size_t colon = text.find(':');
    topic_selection selection{.topic = std::string(text.substr(0, colon)), .partitions = {}};
    const auto malformed =
        std::unexpected(fmt::format("'{}' is not a topic, nor topic:partition,partition,…", text));
    if (selection.topic.empty()) return malformed;
    if (colon == std::string_view::npos) return selection;
    std::string_view rest = text.substr(colon + 1);
    do {
        const auto partition = take_number<std::int32_t>(rest);
        if (!partition) return malformed;
        selection.partitions.push_back(*partition);
    } while (take(rest, ','));
    if (!rest.empty()) return malformed;
    return selection;
}

std::expected<std::int64_t, std::string> parse_date_time(std::string_view text) {
    const auto malformed = std::unexpected(fmt::format(
        "'{}' is not a date and time such as 2026-11-21T08:30:00.000 or 2026-11-21T08:30:00+02:00",
        text));
    std::string_view rest = text;
    const auto year = take_number<int>(rest);
    if (!year || !take(rest, '-')) return malformed;
    const auto month = take_number<unsigned>(rest);
    if (!month || !take(rest, '-')) return malformed;
    const auto day = take_number<unsigned>(rest);
    if (!day || !take(rest, 'T')) return malformed;
    const std::chrono::year_month_day date{
        std::chrono::year(*year), std::chrono::month(*month), std::chrono::day(*day)};
    if (!date.ok()) return malformed;
    const auto time_of_day = take_time_of_day(rest);
    if (!time_of_day) return malformed;
    const auto zone = take_zone(rest);
    if (!zone || !rest.empty()) return malformed;
    const std::chrono::sys_time<std::chrono::milliseconds> local =
        std::chrono::sys_days(date) + *time_of_day;
    return (local - *zone).time_since_epoch().count();
}

std::expected<std::int64_t, std::string> parse_iso_duration(std::string_view text) {
    const auto malformed =
        std::unexpected(fmt::format("'{}' is not a duration such as P7D, PT1H30M or P1DT2H", text));
    std::string_view rest = text;
    if (!take(rest, 'P') || rest.empty()) return malformed;
    std::int64_t total = 0;
    bool in_time_part = false;
    while (!rest.empty()) {
        if (!in_time_part && take(rest, 'T')) in_time_part = true;
        const auto count = take_number<std::int32_t>(rest);
        if (!count || rest.empty()) return malformed;
        const auto unit = milliseconds_of(rest.front(), in_time_part);
        if (!unit) return malformed;
        rest.remove_prefix(1);
        total += *count * *unit;
    }
    return total;
}

}  // namespace verdikt::cli
