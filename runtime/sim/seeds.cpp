#include "runtime/sim/seeds.h"

#include <fmt/format.h>
#include "runtime/parse_number.h"

#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace verdikt::runtime::sim {

namespace {

std::optional<std::uint64_t> number_from_environment(const char* name) {
    const char* const text = std::getenv(name);
    if (text == nullptr || *text == '\0') return std::nullopt;
    const std::string_view digits(text);
    const auto number = parse_number<std::uint64_t>(digits);
    if (!number) {
        throw std::invalid_argument(fmt::format("{}={} is not a number", name, digits));
    }
    return number;
}

std::string& kept_replay_command() {
    static std::string command;
    return command;
}

}  // namespace

seed_range seeds_from_environment(std::uint64_t count_by_default) {
    if (const auto only = number_from_environment("VERDIKT_SEED")) return {*only, 1};
    return {number_from_environment("VERDIKT_FIRST_SEED").value_or(1),
            number_from_environment("VERDIKT_SEEDS").value_or(count_by_default)};
}

void set_replay_command(std::string command) {
    kept_replay_command() = std::move(command);
}

std::string replay_command(std::uint64_t seed) {
    return fmt::format("VERDIKT_SEED={} {}", seed, kept_replay_command());
}

}  // namespace verdikt::runtime::sim
