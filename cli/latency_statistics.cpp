#include "cli/latency_statistics.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>

namespace verdikt::cli {

std::size_t latency_statistics::bucket_of(std::uint64_t microseconds) {
    constexpr std::uint64_t linear = std::uint64_t{1} << sub_bits;
    if (microseconds < linear) return microseconds;
    const auto width = static_cast<unsigned>(std::bit_width(microseconds));
    const unsigned shift = width - sub_bits - 1;
    return (static_cast<std::size_t>(shift) << sub_bits) + (microseconds >> shift);
}

std::uint64_t latency_statistics::upper_bound_of(std::size_t bucket) {
    constexpr std::size_t linear = std::size_t{1} << sub_bits;
    if (bucket < linear) return bucket;
    const std::size_t shift = (bucket >> sub_bits) - 1;
    const std::uint64_t head = bucket - (shift << sub_bits);
    return ((head + 1) << shift) - 1;
}

void latency_statistics::add(runtime::duration latency) {
    const auto microseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(
        0, std::chrono::duration_cast<std::chrono::microseconds>(latency).count()));
    ++buckets_[bucket_of(microseconds)];
    ++count_;
    sum_us_ += microseconds;
    max_us_ = std::max(max_us_, microseconds);
}

double latency_statistics::average_ms() const {
    return count_ == 0 ? 0 : static_cast<double>(sum_us_) / static_cast<double>(count_) / 1000;
}

double latency_statistics::max_ms() const {
    return static_cast<double>(max_us_) / 1000;
}

double latency_statistics::percentile_ms(double fraction) const {
    const auto wanted =
        static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
        seen += buckets_[bucket];
        if (seen >= wanted && seen > 0) {
            return static_cast<double>(std::min(upper_bound_of(bucket), max_us_)) / 1000;
        }
    }
    return 0;
}

}  // namespace verdikt::cli
