/// One partition of a coordinator's topic, as its coordinator writes it. The server gives the
/// replicated ones.
#pragma once

#include "broker/replication/transaction_guards.h"
#include "broker/storage/partition_log.h"
#include "broker/transactional/transaction_verifier.h"
#include "kafka/error_codes.h"
#include "kafka/records/batch.h"
#include "kafka/types.h"
#include "runtime/awaitable.h"

#include <cstddef>
#include <expected>
#include <optional>
#include <vector>

namespace verdikt::broker::coordinator {

class coordinator_partition {
  public:
    using outcome = std::expected<void, kafka::error_code>;

    virtual ~coordinator_partition() = default;

    [[nodiscard]] virtual storage::partition_log& log() const = 0;
    /// The guard to hold while the batch's transaction is verified; nothing if it need not be.
    [[nodiscard]] virtual std::optional<replication::guard> begin_verification(
        const kafka::records::batch_header& batch) = 0;
    /// Once all below `end` is committed; an error if the leadership of now ends before.
    [[nodiscard]] virtual runtime::awaitable<outcome> until_committed(kafka::offset end) = 0;

    // Both return once it is committed, and are refused in any epoch but that of this leadership.
    // Errors: those of Produce; after one it is unknown whether it was written.

    [[nodiscard]] virtual runtime::awaitable<outcome> append(
        std::vector<std::byte> batches,
        kafka::leader_epoch epoch,
        std::optional<replication::guard> verified) = 0;
    [[nodiscard]] virtual runtime::awaitable<outcome> append_marker(
        transactional::transaction_marker marker, kafka::leader_epoch epoch) = 0;
};

}  // namespace verdikt::broker::coordinator
