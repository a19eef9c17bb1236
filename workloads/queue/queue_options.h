/// How the queue workload is to run.
#pragma once

#include "workloads/load_options.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::workloads {

/// How a reader gets its partitions.
enum class reading : std::uint8_t { assign, subscribe };

struct queue_options {
    load_options load = {};
    std::string topic = "queue";
    std::string group = "queue-readers";
    double crash_chance = 0.003;  ///< That a process crashes instead of its next operation.
    double abort_chance = 0.1;    ///< That a transaction is aborted on purpose.

    /// Processes take turns.
    [[nodiscard]] std::vector<reading> ways() const;
    /// Two processes of four are transactional.
    [[nodiscard]] bool is_transactional(std::size_t worker) const;
    [[nodiscard]] std::string transactional_id(std::size_t worker) const;
};

}  // namespace verdikt::workloads
