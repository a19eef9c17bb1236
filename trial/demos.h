/// Bugs that one can watch being caught: a setting that promises too little, and the faults that
/// show it. Each is `valid` under the same faults with the safe setting.
#pragma once

#include "nemesis/schedule.h"
#include "workloads/load_options.h"

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace verdikt::trial {

struct demo {
    std::string_view name;  ///< The anomaly that it shows, or what brings it about.
    std::string_view summary;
    std::string_view workload;
    std::int32_t nodes = 3;
    double seconds = 12;
    /// key=value, for every broker.
    std::span<const std::string_view> overrides = {};
    /// What runs also with the safe setting.
    void (*prepare)(workloads::load_options& load) = nullptr;
    /// The setting that is not safe, and what is expected all the same.
    void (*relax)(workloads::load_options& load) = nullptr;
    nemesis::schedule (*faults)() = nullptr;
};

[[nodiscard]] std::span<const demo> all_demos();
/// The reason names the nearest known one.
[[nodiscard]] std::expected<const demo*, std::string> find_demo(std::string_view name);

}  // namespace verdikt::trial
