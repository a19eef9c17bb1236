/// What a replica's state machines read of its log, as it stands at the moment of an event.
///
/// `storage::partition_log` has all of it; tests have logs of their own. Nothing here waits, and
/// nothing changes while an event is handled.
#pragma once

#include "broker/storage/leader_epoch_cache.h"
#include "kafka/types.h"

#include <optional>

namespace verdikt::broker::replication {

class log_view {
  public:
    virtual ~log_view() = default;

    [[nodiscard]] virtual kafka::offset start() const = 0;
    /// No crash brings back what lies below it. At most `start`.
    [[nodiscard]] virtual kafka::offset durable_start() const = 0;
    /// One past the last written record.
    [[nodiscard]] virtual kafka::offset end() const = 0;
    /// Everything below it is on stable storage.
    [[nodiscard]] virtual kafka::offset durable_end() const = 0;
    /// The newest leader epoch that the log knows, or -1.
    [[nodiscard]] virtual kafka::leader_epoch latest_epoch() const = 0;
    /// The epoch of the record at `offset`, or -1.
    [[nodiscard]] virtual kafka::leader_epoch epoch_of(kafka::offset offset) const = 0;
    /// As `storage::leader_epoch_cache::end_offset_for`.
    [[nodiscard]] virtual std::optional<storage::epoch_end> end_offset_for(
        kafka::leader_epoch epoch) const = 0;
};

}  // namespace verdikt::broker::replication
