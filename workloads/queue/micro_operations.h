/// What one operation of the queue workload does, and how it is written down.
///
/// As jepsen.tests.kafka has it: a list of sends and polls, `[:send k v]` and `[:poll]`, completed
/// as `[:send k [offset v]]` and `[:poll {k [[offset v epoch timestamp] …]}]`. A key is a partition
/// of the topic.
#pragma once

#include "checker/history/datum.h"
#include "client/record.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace verdikt::workloads {

struct polled_record {
    std::int64_t offset = -1;
    std::string value;
    std::int32_t epoch = -1;
    std::int64_t time = -1;
};

struct micro_operation {
    bool is_send = true;
    std::int32_t partition = 0;  ///< Of a send.
    std::int64_t value = 0;
    std::int64_t offset = -1;  ///< -1: not told.
    bool polled = false;       ///< A poll that has succeeded.
    std::map<std::int32_t, std::vector<polled_record>> records = {};
};

[[nodiscard]] checker::history::datum value_of(const std::vector<micro_operation>& operations);

/// The records by partition, copied.
[[nodiscard]] std::map<std::int32_t, std::vector<polled_record>> copy_of(
    const client::consumed_records& records);

}  // namespace verdikt::workloads
