/// What the broker counts, and its text in Prometheus' exposition format.
///
/// Plain counters: written and read on the broker's one thread.
#pragma once

#include "kafka/api_keys.h"
#include "kafka/error_codes.h"
#include "runtime/clock.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>

namespace verdikt::broker::server {

struct node_services;

/// How long something took, in buckets that grow by a factor of four from 16 µs.
class latency_histogram {
  public:
    static constexpr std::size_t buckets = 10;

    void record(runtime::duration took);
    /// Upper bound of a bucket in seconds; the last one has none.
    [[nodiscard]] static double bound(std::size_t bucket);
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] double sum_seconds() const;
    [[nodiscard]] std::uint64_t in_bucket(std::size_t bucket) const { return counts_[bucket]; }

  private:
    std::array<std::uint64_t, buckets> counts_{};
    std::uint64_t count_ = 0;
    runtime::duration sum_{};
};

struct api_metrics {
    latency_histogram latency;
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
};

struct metrics {
    static constexpr std::size_t api_count = 96;

    std::array<api_metrics, api_count> by_api;
    std::map<kafka::error_code, std::uint64_t> errors;
    std::uint64_t connections_accepted = 0;
    std::uint64_t connections_refused = 0;
    std::uint64_t connections_overdue = 0;
    std::uint64_t requests_malformed = 0;
    std::uint64_t connections_open = 0;
    std::uint64_t request_bytes_used = 0;
    std::uint64_t records_produced = 0;
    /// Repeated by their producers, and answered with where the first copy is.
    std::uint64_t duplicate_batches = 0;
    /// Those of them whose first copy an earlier leader of the partition had taken.
    std::uint64_t duplicate_batches_of_former_leaders = 0;
    latency_histogram commit_latency;  ///< From written to committed, of acks=all.

    [[nodiscard]] api_metrics& of(kafka::api_key key) {
        return by_api[static_cast<std::size_t>(key)];
    }
    void count_error(kafka::error_code code) { ++errors[code]; }
};

[[nodiscard]] std::string exposition(const node_services& here);

}  // namespace verdikt::broker::server
