/// The partitions of `__consumer_offsets` in this broker's own storage.
#pragma once

#include "broker/coordinator/offsets_log.h"
#include "broker/storage/partition_log.h"
#include "kafka/records/batch_builder.h"
#include "kafka/records/compression.h"
#include "runtime/environment.h"

#include <functional>
#include <memory>

namespace verdikt::broker::coordinator {

class stored_offsets_log final : public offsets_log {
  public:
    /// Finds the log of a partition; null if it is not here (any more).
    using lookup =
        std::function<std::shared_ptr<storage::partition_log>(kafka::partition_index partition)>;

    stored_offsets_log(runtime::environment& world, lookup find)
        : world_(world), find_(std::move(find)) {}

    runtime::awaitable<std::expected<void, kafka::error_code>> append(
        kafka::partition_index partition,
        kafka::leader_epoch epoch,
        std::vector<offsets_record> records) override;

    runtime::awaitable<std::expected<void, kafka::error_code>> replay(
        kafka::partition_index partition, visitor visit) override;

  private:
    /// As few batches as the log takes, back to back. `message_too_large` where one record is.
    [[nodiscard]] std::expected<std::vector<std::byte>, kafka::error_code> to_batches(
        const std::vector<offsets_record>& records, std::size_t batch_bytes_max);
    [[nodiscard]] bool show_batches(std::span<const std::byte> bytes,
                                    kafka::offset& next,
                                    const visitor& visit);

    runtime::environment& world_;
    lookup find_;
    kafka::records::batch_builder builder_;
    kafka::records::compression codecs_;
};

}  // namespace verdikt::broker::coordinator
