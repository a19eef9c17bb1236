#include "workloads/load_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <string_view>
#include <type_traits>

namespace verdikt::workloads {

namespace {

template <typename T>
bool parse(std::string_view text, T& into) {
    if constexpr (std::is_same_v<T, std::string>) {
        into = text;
        return true;
    } else if constexpr (std::is_same_v<T, bool>) {
        into = text == "true";
        return into || text == "false";
    } else {
        const char* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, into);
        return read.ec == std::errc() && read.ptr == end;
    }
}

bool among(std::string_view value, std::initializer_list<std::string_view> choices) {
    return std::ranges::find(choices, value) != choices.end();
}

}  // namespace

std::vector<std::pair<std::string, std::string>> texts_of(const load_options& options) {
    std::vector<std::pair<std::string, std::string>> texts;
    each_option(options, [&texts](std::string_view flag, const auto& value, std::string_view) {
        texts.emplace_back(flag, fmt::format("{}", value));
    });
    return texts;
}

std::expected<load_options, std::string> load_options_from(
    const std::vector<std::pair<std::string, std::string>>& texts) {
    load_options made;
    std::string problem;
    each_option(made, [&](std::string_view flag, auto& value, std::string_view) {
        for (const auto& [name, text] : texts) {
            if (name != flag || parse(text, value)) continue;
            problem = fmt::format("{} is '{}', which makes no sense", name, text);
        }
    });
    if (problem.empty()) problem = problem_of(made);
    if (!problem.empty()) return std::unexpected(problem);
    return made;
}

std::string problem_of(const load_options& options) {
    // So that a pause between two operations is a number of nanoseconds.
    if (!(options.rate >= 0.001 && options.rate <= 1e6)) return "rate is from 0.001 to 1000000";
    if (options.concurrency < 1) return "concurrency must be above 0";
    if (options.partitions < 1) return "partitions must be above 0";
    if (options.operations_min < 1) return "operations-min must be above 0";
    if (!among(options.key_distribution, {"uniform", "exponential"})) {
        return "key-dist is uniform or exponential";
    }
    if (!among(options.sub_via, {"assign", "subscribe", "both"})) {
        return "sub-via is assign, subscribe or both";
    }
    if (!among(options.acks, {"0", "1", "all"})) return "acks is 0, 1 or all";
    if (!among(options.isolation_level, {"read_committed", "read_uncommitted"})) {
        return "isolation-level is read_committed or read_uncommitted";
    }
    return {};
}

}  // namespace verdikt::workloads
