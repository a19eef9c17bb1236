/// What tests of producers share: numbers sent at once, and what became of them.
#pragma once

#include "client/producer.h"
#include "tests/unit/client/toy_cluster.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace verdikt::client {

/// Sends `count` numbered records at once and returns what became of each.
runtime::awaitable<std::vector<delivery>> send_numbers(producer& through, int count);

template <typename Outcome>
std::size_t count_of(const std::vector<delivery>& outcomes) {
    return static_cast<std::size_t>(std::ranges::count_if(
        outcomes, [](const delivery& each) { return std::holds_alternative<Outcome>(each); }));
}

struct run_result {
    std::vector<delivery> outcomes;
    producer_counters counters;
    std::vector<int> log;  ///< The numbers that it holds in the end.
};

/// The life of one producer: `count` records, then close.
run_result run_producer(toy_cluster& world, client_config config, int count);

/// 0 to `count - 1`.
[[nodiscard]] std::vector<int> up_to(int count);

}  // namespace verdikt::client
