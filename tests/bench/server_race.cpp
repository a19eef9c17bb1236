#include "server_race.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace verdikt::bench {

runner::runner(std::string name,
               server& loaded,
               load_shape shape,
               wire_load::check answers,
               std::span<const frame> requests)
    : name_(std::move(name)),
      cpu_seconds_of_servers_([&loaded] { return loaded.process().cpu_seconds(); }),
      load_(loaded.port(), shape, answers),
      requests_(requests) {}

runner::runner(std::string name,
               std::uint16_t port,
               std::function<double()> cpu_seconds,
               load_shape shape,
               std::span<const frame> requests)
    : name_(std::move(name)),
      cpu_seconds_of_servers_(std::move(cpu_seconds)),
      load_(port, shape, check_produce_answer),
      requests_(requests) {}

contender runner::as_contender(std::size_t requests_each_turn, std::size_t bytes_each) {
    return {name_, [this, requests_each_turn, bytes_each] {
                const double cpu_before = cpu_seconds_of_servers_();
                load_.run(requests_, requests_each_turn);
                const std::size_t moved = requests_each_turn * bytes_each;
                cpu_seconds_ += cpu_seconds_of_servers_() - cpu_before;
                bytes_ += static_cast<double>(moved);
                return moved;
            }};
}

double runner::cpu_seconds_per_gigabyte() const {
    return bytes_ == 0 ? 0 : cpu_seconds_ / (1e-9 * bytes_);
}

std::size_t warm_size_for(const settings& settings) {
    // What memory and disk of a small machine bear; a longer race is slowed by its disk anyway.
    constexpr double bytes_max = 3e9;
    constexpr double bytes_per_second = 2e9;
    return static_cast<std::size_t>(std::min(bytes_max, bytes_per_second * settings.seconds));
}

void print_goal(const result& roof, const result& ours, std::optional<goal> wanted) {
    fmt::print("    {} / {}: {:.0f} %", ours.name, roof.name, 100 * ours.rate / roof.rate);
    if (wanted) {
        fmt::print(" (goal: {:.0f} %, better {:.0f} %)", 100 * wanted->floor, 100 * wanted->target);
    }
    fmt::print("\n");
}

void print_cpu(const std::vector<const runner*>& runners) {
    fmt::print("    CPU seconds a GB:");
    const char* separator = " ";
    for (const runner* each : runners) {
        fmt::print("{}{} {:.2f}", separator, each->name(), each->cpu_seconds_per_gigabyte());
        separator = ", ";
    }
    fmt::print("\n");
}

}  // namespace verdikt::bench
