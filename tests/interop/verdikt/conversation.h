/// How our own client's program talks to try_failover.py, and what its parts share.
#pragma once

#include "client/configuration.h"
#include "client/consumer.h"
#include "runtime/environment.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdikt::interop {

inline constexpr std::chrono::seconds patience{60};
inline constexpr std::chrono::milliseconds pace{10};

template <typename... Words>
void say(fmt::format_string<Words...> text, Words&&... words) {
    fmt::print("{}\n", fmt::format(text, std::forward<Words>(words)...));
    std::fflush(stdout);
}

/// Throws, and so ends the program, if `holds` is false.
inline void require(bool holds, const std::string& what) {
    if (!holds) throw std::runtime_error(what);
}

/// What the test was told on its command line.
struct plan {
    std::vector<std::string> brokers;
    std::chrono::milliseconds time;  ///< For each feature.

    [[nodiscard]] client::client_config config() const { return {.bootstrap_servers = brokers}; }
};

/// All committed values of a topic's one partition.
runtime::awaitable<std::vector<std::string>> read_all(runtime::environment& world,
                                                      plan of,
                                                      std::string topic);

/// Of the topic's one partition.
runtime::awaitable<kafka::offset> committed_offset(runtime::environment& world,
                                                   plan of,
                                                   std::string group,
                                                   std::string topic);

runtime::awaitable<void> try_writes_and_group(runtime::environment& world, plan of);
runtime::awaitable<void> try_transactions(runtime::environment& world, plan of);

}  // namespace verdikt::interop
