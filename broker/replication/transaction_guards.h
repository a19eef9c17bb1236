/// Whether a transactional batch belongs to a transaction that is open (KIP-890 part 1).
///
/// A late batch of a producer that is gone would open a transaction here that nobody ever ends, and
/// hold back all readers behind it. So before the first batch of a transaction is appended, the
/// leader asks the coordinator whether the transaction has this partition, holding a guard while it
/// waits. A marker that is written meanwhile voids the guard: the answer may be about the
/// transaction that the marker ended.
///
/// Pure. One a partition, for the time of one leadership; what is lost with it is asked anew.
///
/// Invariants: a guard is given out once; a producer has one at most.
#pragma once

#include "broker/storage/producer_table.h"
#include "kafka/error_codes.h"
#include "kafka/records/batch.h"
#include "kafka/records/control.h"
#include "kafka/types.h"
#include "runtime/named.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

namespace verdikt::broker::replication {

using guard = runtime::named<struct transaction_guard_tag, std::uint64_t>;

class transaction_guards {
  public:
    /// What the caller has to hold while it asks the coordinator. Nothing if it need not ask: the
    /// batch is of no transaction, or its transaction is open here already.
    [[nodiscard]] std::optional<guard> begin(const storage::producer_table& producers,
                                             const kafka::records::batch_header& batch,
                                             kafka::timestamp now);
    /// Whether the batch may be appended by who holds that guard, verified by the coordinator.
    /// TRANSACTION_ABORTABLE if it was voided, OUT_OF_ORDER_SEQUENCE_NUMBER if an earlier batch is
    /// still being verified.
    [[nodiscard]] kafka::error_code admit(const storage::producer_table& producers,
                                          const kafka::records::batch_header& batch,
                                          std::optional<guard> held) const;
    /// A batch or a marker of that producer was appended.
    void appended(kafka::producer_id producer) { open_.erase(producer); }
    /// Forgets those begun before `deadline`: their requests have timed out.
    void expire(kafka::timestamp deadline);

    [[nodiscard]] std::size_t size() const { return open_.size(); }
    void check_invariants() const;

  private:
    struct verification {
        guard held;
        kafka::producer_epoch epoch;
        kafka::sequence first;  ///< The lowest that is being verified.
        kafka::timestamp since;
    };

    std::map<kafka::producer_id, verification> open_;
    guard last_{0};
};

/// Whether a marker may be written. Where each transaction has an epoch of its own, it must be
/// above that of the records which it ends (KIP-1228): one at the same epoch is late, and belongs
/// to the transaction before. One that is there already may be written again.
[[nodiscard]] kafka::error_code check_marker(const storage::producer_table& producers,
                                             const kafka::records::end_transaction_marker& marker,
                                             bool has_epoch_of_its_own);

}  // namespace verdikt::broker::replication
