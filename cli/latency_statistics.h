/// Latencies of many sends: average, maximum and percentiles in bounded memory.
///
/// Buckets grow by 1/64 of their value (as in an HDR histogram), so a percentile is off by at most
/// 1.6 % and the memory does not depend on how many values there are.
#pragma once

#include "runtime/clock.h"

#include <array>
#include <cstdint>

namespace verdikt::cli {

class latency_statistics {
  public:
    void add(runtime::duration latency);

    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] double average_ms() const;
    [[nodiscard]] double max_ms() const;
    /// Of the values added, the share `fraction` (0 to 1) is at or below it. 0 without values.
    [[nodiscard]] double percentile_ms(double fraction) const;

  private:
    static constexpr unsigned sub_bits = 6;
    static constexpr std::size_t bucket_count = (64 - sub_bits + 1) << sub_bits;

    static std::size_t bucket_of(std::uint64_t microseconds);
    static std::uint64_t upper_bound_of(std::size_t bucket);

    std::array<std::uint64_t, bucket_count> buckets_{};
    std::uint64_t count_ = 0;
    std::uint64_t sum_us_ = 0;
    std::uint64_t max_us_ = 0;
};

}  // namespace verdikt::cli
