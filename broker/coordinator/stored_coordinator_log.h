/// The partitions of a coordinator's topic: its records as batches, and read back.
#pragma once

#include "broker/coordinator/coordinator_log.h"
#include "broker/coordinator/coordinator_partition.h"
#include "broker/transactional/transaction_verifier.h"
#include "kafka/records/batch_builder.h"
#include "kafka/records/compression.h"
#include "runtime/environment.h"

#include <functional>
#include <memory>

namespace verdikt::broker::coordinator {

class stored_coordinator_log final : public coordinator_log {
  public:
    /// Finds a partition; null if it is not here (any more).
    using lookup =
        std::function<std::shared_ptr<coordinator_partition>(kafka::partition_index partition)>;

    /// The references outlive it.
    stored_coordinator_log(runtime::environment& world,
                           transactional::transaction_verifier& verifier,
                           lookup find)
        : world_(world), verifier_(verifier), find_(std::move(find)) {}

    runtime::awaitable<append_outcome> append(kafka::partition_index partition,
                                              kafka::leader_epoch epoch,
                                              std::vector<log_record> records,
                                              std::optional<log_transaction> transaction) override;

    runtime::awaitable<append_outcome> append_marker(
        kafka::partition_index partition,
        kafka::leader_epoch epoch,
        transactional::transaction_marker marker) override;

    runtime::awaitable<std::expected<std::optional<replication::guard>, kafka::error_code>>
    open_transaction(kafka::partition_index partition,
                     transactional::claimed_transaction claim) override;

    runtime::awaitable<append_outcome> replay(kafka::partition_index partition,
                                              log_visitor& visitor) override;

  private:
    /// As few batches as the log takes, back to back. `message_too_large` where one record is.
    [[nodiscard]] std::expected<std::vector<std::byte>, kafka::error_code> to_batches(
        const std::vector<log_record>& records,
        const std::optional<log_transaction>& transaction,
        std::size_t batch_bytes_max);
    [[nodiscard]] bool show_batches(std::span<const std::byte> bytes,
                                    kafka::offset& next,
                                    log_visitor& visitor);
    [[nodiscard]] bool show_batch(const kafka::records::batch_view& batch, log_visitor& visitor);

    runtime::environment& world_;
    transactional::transaction_verifier& verifier_;
    lookup find_;
    kafka::records::batch_builder builder_;
    kafka::records::compression codecs_;
};

}  // namespace verdikt::broker::coordinator
