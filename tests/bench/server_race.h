/// A race between servers: besides the rates, what each spent of the processor, which other
/// programs on the machine disturb less.
#pragma once

#include "race.h"
#include "servers.h"
#include "wire_load.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace verdikt::bench {

/// What we ask of ourselves, as shares of the roof.
struct goal {
    double floor = 0;
    double target = 0;
};

/// A server with its load.
class runner {
  public:
    runner(std::string name,
           server& loaded,
           load_shape shape,
           wire_load::check answers,
           std::span<const frame> requests);
    /// Several processes that serve together. `cpu_seconds` is what all of them have used.
    runner(std::string name,
           std::uint16_t port,
           std::function<double()> cpu_seconds,
           load_shape shape,
           std::span<const frame> requests);

    /// Sends `requests_each_turn` requests; counts `bytes_each` for each.
    [[nodiscard]] contender as_contender(std::size_t requests_each_turn, std::size_t bytes_each);
    [[nodiscard]] double cpu_seconds_per_gigabyte() const;
    [[nodiscard]] const std::string& name() const { return name_; }

  private:
    std::string name_;
    std::function<double()> cpu_seconds_of_servers_;
    wire_load load_;
    std::span<const frame> requests_;
    double cpu_seconds_ = 0;
    double bytes_ = 0;
};

/// About what the contenders of one race will write together, for `warm_page_cache`.
[[nodiscard]] std::size_t warm_size_for(const settings& settings);

/// After the table of a race whose first contender was the roof: what became of the goal.
void print_goal(const result& roof, const result& ours, std::optional<goal> wanted);
void print_cpu(const std::vector<const runner*>& runners);

}  // namespace verdikt::bench
