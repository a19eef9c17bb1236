/// Reads what a key holds.
#pragma once

#include "client/consumer.h"
#include "runtime/environment.h"
#include "workloads/keyed_transactions/key_step.h"
#include "workloads/keyed_transactions/keyed_options.h"

#include <optional>
#include <vector>

namespace verdikt::workloads {

/// The end of a key's partition, as the reader's isolation level shows it; nothing if nobody told
/// in time. References outlive it.
[[nodiscard]] runtime::awaitable<std::optional<kafka::offset>> end_of(
    client::consumer& reader, client::topic_partition where);

/// What the key holds once the reader has come to `end`: all of its records, or the newest one
/// alone. Nothing if it did not get there by the deadline, or was set back on the way: then its
/// records are not those of one state of the log. References outlive it.
[[nodiscard]] runtime::awaitable<std::optional<std::vector<found_record>>> read_key(
    runtime::environment& world,
    client::consumer& reader,
    key_kind what,
    client::topic_partition where,
    kafka::offset end,
    runtime::instant deadline);

}  // namespace verdikt::workloads
