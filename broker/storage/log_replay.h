/// What the batches of a log say about producers, transactions and epochs.
///
/// Every batch that enters a log, by an append or by recovery, is applied here once and in order.
#pragma once

#include "broker/storage/leader_epoch_cache.h"
#include "broker/storage/producer_table.h"
#include "broker/storage/segment_files.h"
#include "kafka/records/batch.h"
#include "kafka/records/control.h"
#include "kafka/types.h"

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

namespace verdikt::broker::storage {

/// The transaction marker in a batch; nothing in data batches and other control batches.
[[nodiscard]] std::optional<kafka::records::end_transaction_marker> marker_in(
    const kafka::records::batch_header& header, std::span<const std::byte> batch);

/// Applies a batch at its final offset; returns the transaction that it aborts, if it does.
std::optional<transaction_index::entry> apply(
    const kafka::records::batch_header& header,
    const std::optional<kafka::records::end_transaction_marker>& marker,
    kafka::timestamp now,
    producer_table& producers);

struct producer_state_at {
    producer_table producers;
    kafka::offset offset;  ///< The log below it is in the table.
};

/// The newest snapshot at or below `highest` that is to be believed, or an empty table at
/// `log_start`.
[[nodiscard]] file_result<producer_state_at> load_newest_snapshot(runtime::file_system& files,
                                                                  std::filesystem::path directory,
                                                                  kafka::offset highest,
                                                                  kafka::offset log_start);

/// Brings the table forward to `end` by reading what the segments hold between.
[[nodiscard]] file_result<> replay_until(std::vector<segment_ptr> segments,
                                         kafka::offset end,
                                         kafka::timestamp now,
                                         producer_state_at& state);

/// Removes snapshots taken above `highest`.
[[nodiscard]] file_result<> remove_snapshots_above(runtime::file_system& files,
                                                   std::filesystem::path directory,
                                                   kafka::offset highest);

}  // namespace verdikt::broker::storage
