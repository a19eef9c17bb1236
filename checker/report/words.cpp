#include "checker/report/words.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

namespace verdikt::checker::report {

std::string run_time(std::int64_t nanoseconds) {
    return fmt::format("{:.3f} s", static_cast<double>(nanoseconds) / 1e9);
}

std::string duration_in_words(std::int64_t nanoseconds) {
    const auto time = static_cast<double>(nanoseconds);
    if (time < 1e6) return fmt::format("{:.0f} µs", time / 1e3);
    if (time < 1e7) return fmt::format("{:.1f} ms", time / 1e6);
    if (time < 1e9) return fmt::format("{:.0f} ms", time / 1e6);
    return fmt::format("{:.1f} s", time / 1e9);
}

std::string grouped(std::uint64_t number) {
    std::string digits = fmt::format("{}", number);
    for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
    return digits;
}

std::string counted(std::uint64_t number, const std::string& noun) {
    return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

std::string wall_time(std::int64_t nanoseconds) {
    const auto seconds = static_cast<std::time_t>(nanoseconds / 1'000'000'000);
    return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(seconds));
}

std::string outcome_in_words(history::op_type type) {
    switch (type) {
        case history::op_type::ok:
            return "succeeded";
        case history::op_type::fail:
            return "failed";
        case history::op_type::invoke:
        case history::op_type::info:
            return "outcome unknown";
    }
    return "outcome unknown";
}

}  // namespace verdikt::checker::report
