#include "cli/flags.h"

#include <CLI/CLI.hpp>

namespace verdikt::cli {

flag& flag::required() {
    option_->required();
    return *this;
}

flag& flag::positive() {
    option_->check(CLI::PositiveNumber);
    return *this;
}

flag& flag::non_negative() {
    option_->check(CLI::NonNegativeNumber);
    return *this;
}

flag& flag::one_of(const std::vector<std::string>& values) {
    option_->check(CLI::IsMember(values));
    return *this;
}

flag& flag::excludes(const std::string& other) {
    option_->excludes(other);
    return *this;
}

flag& flag::many() {
    option_->allow_extra_args();
    return *this;
}

flag flags::add_option(const std::string& names, std::string& value, const std::string& meaning) {
    return flag(app_.add_option(names, value, meaning));
}

flag flags::add_option(const std::string& names, std::int16_t& value, const std::string& meaning) {
    return flag(app_.add_option(names, value, meaning));
}

flag flags::add_option(const std::string& names, std::int64_t& value, const std::string& meaning) {
    return flag(app_.add_option(names, value, meaning));
}

flag flags::add_option(const std::string& names, std::int32_t& value, const std::string& meaning) {
    return flag(app_.add_option(names, value, meaning));
}

flag flags::add_option(const std::string& names, std::uint64_t& value, const std::string& meaning) {
    return flag(app_.add_option(names, value, meaning));
}

flag flags::add_option(const std::string& names, double& value, const std::string& meaning) {
    return flag(app_.add_option(names, value, meaning));
}

flag flags::add_option(const std::string& names,
                       std::optional<std::int32_t>& value,
                       const std::string& meaning) {
    return flag(app_.add_option(names, value, meaning));
}

flag flags::add_option(const std::string& names,
                       std::optional<std::int64_t>& value,
                       const std::string& meaning) {
    return flag(app_.add_option(names, value, meaning));
}

flag flags::add_option(const std::string& names,
                       std::vector<std::string>& value,
                       const std::string& meaning) {
    return flag(app_.add_option(names, value, meaning)->allow_extra_args(false));
}

flag flags::add_flag(const std::string& names, bool& value, const std::string& meaning) {
    return flag(app_.add_flag(names, value, meaning));
}

flags flags::act(const std::string& name, bool& chosen, const std::string& meaning) {
    CLI::App* const act = app_.add_subcommand(name, meaning);
    // What all acts take may stand behind the act as well as before it.
    act->fallthrough();
    act->callback([&chosen] { chosen = true; });
    return flags(*act);
}

void flags::require_act() {
    app_.require_subcommand(1);
}

flags flags::group(const std::string& title) {
    return flags(*app_.add_option_group(title));
}

void flags::require_one() {
    app_.require_option(1);
}

void flags::require_at_most_one() {
    app_.require_option(0, 1);
}

}  // namespace verdikt::cli
