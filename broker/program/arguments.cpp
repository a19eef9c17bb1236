#include "broker/program/arguments.h"

#include "runtime/nearest_name.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace verdikt::broker::program {

namespace {

constexpr std::array<std::string_view, 4> flags{
    "--config", "--override", "--print-config-docs", "--help"};

std::expected<server::property, std::string> parse_override(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) {
        return std::unexpected(fmt::format("--override {}: not key=value", text));
    }
    return server::property{.key = std::string(text.substr(0, equals)),
                            .value = std::string(text.substr(equals + 1))};
}

/// Splits `--flag=value` so that both spellings are parsed alike.
std::vector<std::string> separate_values(const std::vector<std::string>& words) {
    std::vector<std::string> separated;
    for (const std::string& word : words) {
        const std::size_t equals = word.find('=');
        const bool joined = word.starts_with("--") && equals != std::string::npos;
        separated.push_back(joined ? word.substr(0, equals) : word);
        if (joined) separated.push_back(word.substr(equals + 1));
    }
    return separated;
}

}  // namespace

std::expected<arguments, std::string> parse_arguments(const std::vector<std::string>& words) {
    arguments parsed;
    const std::vector<std::string> separated = separate_values(words);
    for (std::size_t at = 0; at < separated.size(); ++at) {
        const std::string& flag = separated[at];
        if (flag == "--print-config-docs") {
            parsed.print_config_docs = true;
        } else if (flag == "--help") {
            parsed.help = true;
        } else if (flag != "--config" && flag != "--override") {
            return std::unexpected(fmt::format(
                "unknown flag '{}'; did you mean '{}'?", flag, runtime::nearest_name(flag, flags)));
        } else if (++at == separated.size()) {
            return std::unexpected(fmt::format("{} lacks its value", flag));
        } else if (flag == "--config") {
            parsed.config_file = separated[at];
        } else if (auto given = parse_override(separated[at]); given) {
            parsed.overrides.push_back(std::move(*given));
        } else {
            return std::unexpected(std::move(given.error()));
        }
    }
    return parsed;
}

}  // namespace verdikt::broker::program
