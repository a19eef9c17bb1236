#include "broker/storage/file_names.h"

#include "runtime/check.h"
#include "runtime/parse_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace verdikt::broker::storage {

namespace {

constexpr std::size_t offset_digits = 20;
constexpr std::size_t name_size_max = 255;  // of most file systems

constexpr std::array<std::pair<std::string_view, file_kind>, 5> kinds{{
    {".log", file_kind::log},
    {".index", file_kind::offset_index},
    {".timeindex", file_kind::time_index},
    {".txnindex", file_kind::transaction_index},
    {".snapshot", file_kind::producer_snapshot},
}};

constexpr std::array<std::pair<std::string_view, file_state>, 4> file_states{{
    {"", file_state::valid},
    {".deleted", file_state::deleted},
    {".cleaned", file_state::cleaned},
    {".swap", file_state::swap},
}};

template <typename Names, typename Value>
std::string_view name_of(const Names& names, Value value) {
    const auto found = std::ranges::find(names, value, &Names::value_type::second);
    CHECK(found != names.end());
    return found->first;
}

template <typename Number>
std::optional<Number> parse_digits(std::string_view digits) {
    const bool only_digits =
        std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    return only_digits ? runtime::parse_number<Number>(digits) : std::nullopt;
}

}  // namespace

std::string to_string(const log_file_name& name) {
    return fmt::format("{:020}{}{}",
                       name.base.value(),
                       name_of(kinds, name.kind),
                       name_of(file_states, name.state));
}

std::optional<log_file_name> parse_log_file_name(std::string_view name) {
    if (name.size() < offset_digits) return std::nullopt;
    const auto base = parse_digits<std::int64_t>(name.substr(0, offset_digits));
    if (!base) return std::nullopt;
    const std::string_view rest = name.substr(offset_digits);
    for (const auto& [extension, kind] : kinds) {
        if (!rest.starts_with(extension)) continue;
        const auto state = std::ranges::find(file_states,
                                             rest.substr(extension.size()),
                                             [](const auto& known) { return known.first; });
        if (state == file_states.end()) continue;
        return log_file_name{.base = kafka::offset(*base), .kind = kind, .state = state->second};
    }
    return std::nullopt;
}

std::string directory_name(const kafka::topic_partition& which) {
    return fmt::format("{}-{}", which.topic, which.partition);
}

std::optional<kafka::topic_partition> parse_directory_name(std::string_view name) {
    const std::size_t dash = name.rfind('-');
    if (dash == std::string_view::npos || dash == 0) return std::nullopt;
    const auto index = parse_digits<std::int32_t>(name.substr(dash + 1));
    if (!index) return std::nullopt;
    return kafka::topic_partition{.topic = std::string(name.substr(0, dash)),
                                  .partition = kafka::partition_index(*index)};
}

namespace {

std::string marked_directory_name(const kafka::topic_partition& which,
                                  std::string_view unique,
                                  std::string_view mark) {
    const std::string suffix = fmt::format(".{}-{}", unique, mark);
    CHECK(suffix.size() < name_size_max);
    std::string name = directory_name(which);
    name.resize(std::min(name.size(), name_size_max - suffix.size()));
    return name + suffix;
}

}  // namespace

std::string deleted_directory_name(const kafka::topic_partition& which, std::string_view unique) {
    return marked_directory_name(which, unique, "delete");
}

std::string stray_directory_name(const kafka::topic_partition& which, std::string_view unique) {
    return marked_directory_name(which, unique, "stray");
}

bool is_deleted_directory_name(std::string_view name) {
    return name.ends_with("-delete");
}

}  // namespace verdikt::broker::storage
