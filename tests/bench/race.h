/// How `verdikt-bench` measures: contenders take turns in short slices of one run, so that a
/// machine that slows down slows all of them, and only ratios between them are worth comparing.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::bench {

/// What the command line says.
struct settings {
    double seconds = 1.0;  ///< For each race.
    bool large = false;    ///< Also what takes minutes and gigabytes.
};

/// How much a contender should do in one turn: enough that starting and ending counts for little,
/// but less than all of it where there is hardly any time.
[[nodiscard]] inline std::size_t turn_size(std::size_t wanted, const settings& settings) {
    const double share = std::min(1.0, settings.seconds);
    return std::max<std::size_t>(1, static_cast<std::size_t>(share * static_cast<double>(wanted)));
}

struct contender {
    std::string name;
    /// Does a bounded piece of work and says how many units of it (bytes, records) it did.
    std::function<std::size_t()> work;
};

struct result {
    std::string name;
    double rate = 0;    ///< Units a second, the median over the slices.
    double spread = 0;  ///< Distance between the quartiles, as a share of the median.
};

/// Lets everyone work in turns until the time is up, at least three turns each.
[[nodiscard]] std::vector<result> race(const std::vector<contender>& contenders,
                                       const settings& settings);

struct unit {
    std::string_view name = "GB/s";
    double scale = 1e-9;
};
inline constexpr unit gigabytes{};
inline constexpr unit megabytes{.name = "MB/s", .scale = 1e-6};
inline constexpr unit millions{.name = "M/s", .scale = 1e-6};

/// Runs a race and prints a table: rate, spread, and the ratio to the first contender.
std::vector<result> race_and_print(std::string_view title,
                                   const std::vector<contender>& contenders,
                                   const settings& settings,
                                   unit in = gigabytes);

/// Makes the compiler believe that `value` is used.
template <typename Value>
void keep(const Value& value) {
    asm volatile("" : : "r,m"(value) : "memory");
}

/// CPU time that the machine spent on others (other processes, and what the hypervisor took away)
/// since this object was made. Figures taken while it is high mean little.
class cpu_watch {
  public:
    cpu_watch();
    /// Of all CPU time that there was, 0 to 1.
    [[nodiscard]] double share_of_others() const;

  private:
    struct sample {
        double total = 0;
        double busy = 0;
        double own = 0;
    };
    static sample take();

    sample start_;
};

}  // namespace verdikt::bench
