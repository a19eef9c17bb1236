/// What instances read and write, and how it is written down.
#pragma once

#include "checker/history/datum.h"
#include "client/consumer.h"
#include "client/record.h"
#include "workloads/exactly_once/exactly_once.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::workloads {

struct eos_record {
    client::topic_partition where;
    std::int64_t offset = -1;  ///< -1: not told.
    /// As it was read or is written: `17` of an input, `17/3` of an output that attempt 3 made of
    /// it.
    std::string value;
};

/// `in-0`, `out-3`: a key of the history.
[[nodiscard]] std::string key_of(const exactly_once_options& plan,
                                 const client::topic_partition& which);
[[nodiscard]] client::partition_set partitions_of(const exactly_once_options& plan,
                                                  const std::string& topic);
[[nodiscard]] std::vector<eos_record> records_of(const client::consumed_records& records);

/// `[[:poll {k [[offset v] …]}] [:send k [offset v]] …]`; a poll is left out where `polled` is
/// null.
[[nodiscard]] checker::history::datum value_of(const exactly_once_options& plan,
                                               const std::vector<eos_record>* polled,
                                               const std::vector<eos_record>& sent);
/// `{k offset}`; partitions without an offset are nil.
[[nodiscard]] checker::history::datum offsets_of(const exactly_once_options& plan,
                                                 const client::partition_set& partitions,
                                                 const client::offset_map& offsets);
[[nodiscard]] checker::history::datum keys_of(const exactly_once_options& plan,
                                              const client::partition_set& partitions);

}  // namespace verdikt::workloads
