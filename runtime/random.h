/// A node's only source of chance: seeded, portable, and small enough to keep by value.
///
/// xoshiro256** seeded through splitmix64 (Blackman and Vigna, 2018). Standard distributions are
/// not used because their results differ between libraries, and a seed must replay everywhere.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace verdikt::runtime {

class random_source {
  public:
    explicit random_source(std::uint64_t seed);

    /// All 64 bits uniform.
    std::uint64_t next();
    /// Uniform in [0, bound). Requires: bound > 0.
    std::uint64_t below(std::uint64_t bound);
    /// Uniform in [low, high], both included. Requires: low <= high.
    std::int64_t between(std::int64_t low, std::int64_t high);
    /// True with the given probability, in [0, 1].
    bool chance(double probability);
    /// Uniform in [0, 1).
    double fraction();
    void fill(std::span<std::byte> bytes);
    /// A generator of its own stream: what it is asked for does not shift this one's later answers.
    random_source fork();

    template <typename T>
    void shuffle(std::span<T> items) {
        for (std::size_t left = items.size(); left > 1; --left) {
            std::swap(items[left - 1], items[below(left)]);
        }
    }

  private:
    std::array<std::uint64_t, 4> state_{};
};

}  // namespace verdikt::runtime
