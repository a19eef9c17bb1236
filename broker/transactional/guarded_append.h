/// The conditions under which batches of transactions and their markers enter a log.
///
/// A batch must belong to a transaction that is known to be open (KIP-890 part 1), and a marker
/// must come from the newest coordinator and epoch. Both are judged in the append's turn, so that
/// nothing comes in between.
#pragma once

#include "broker/replication/transaction_guards.h"
#include "broker/storage/partition_log.h"
#include "broker/transactional/transaction_verifier.h"
#include "kafka/error_codes.h"

#include <optional>

namespace verdikt::broker::transactional {

/// Lives in the coroutine that appends. `guards` are those of the partition, and outlive it.
class batch_condition final : public storage::append_condition {
  public:
    batch_condition(replication::transaction_guards& guards, std::optional<replication::guard> held)
        : guards_(guards), held_(held) {}

    bool allows(const storage::producer_table& producers, runtime::const_bytes batches) override;
    /// Why not. Requires: it did not allow.
    [[nodiscard]] kafka::error_code refusal() const { return refusal_; }

  private:
    replication::transaction_guards& guards_;
    std::optional<replication::guard> held_;
    kafka::error_code refusal_ = kafka::error_code::none;
};

/// As `batch_condition`, for a marker. It voids the guards that its producer holds.
class marker_condition final : public storage::append_condition {
  public:
    marker_condition(replication::transaction_guards& guards, const transaction_marker& marker)
        : guards_(guards), marker_(marker) {}

    bool allows(const storage::producer_table& producers, runtime::const_bytes batches) override;
    [[nodiscard]] kafka::error_code refusal() const { return refusal_; }

  private:
    replication::transaction_guards& guards_;
    transaction_marker marker_;
    kafka::error_code refusal_ = kafka::error_code::none;
};

}  // namespace verdikt::broker::transactional
