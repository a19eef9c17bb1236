/// Writes to one partition of a coordinator's topic, in order, one append at a time.
///
/// Whatever is asked for while an append is under way goes into the next one together: under load
/// many commits share one batch and one sync. Records of a transaction and markers go alone.
#pragma once

#include "broker/coordinator/coordinator_log.h"
#include "runtime/scope.h"

#include <deque>
#include <functional>
#include <optional>
#include <vector>

namespace verdikt::broker::coordinator {

class partition_writer {
  public:
    using completion = std::move_only_function<void(kafka::error_code)>;

    /// Runs in `owner`, which must be joined before the writer is destroyed.
    partition_writer(coordinator_log& log,
                     kafka::partition_index partition,
                     kafka::leader_epoch epoch,
                     runtime::scope& owner)
        : log_(log), partition_(partition), epoch_(epoch), owner_(owner) {}

    /// Calls `done` with the outcome once the records are committed: in the order of the calls,
    /// never within this one, and not at all once the owner is cancelled. The outcome is
    /// `request_timed_out`, and nothing is written, when too much was waiting already.
    void write(std::vector<log_record> records, completion done);
    void write_in_transaction(std::vector<log_record> records,
                              log_transaction transaction,
                              completion done);
    void write_marker(transactional::transaction_marker marker, completion done);

    [[nodiscard]] bool idle() const { return !draining_; }

  private:
    struct waiting_write {
        std::vector<log_record> records = {};
        std::optional<log_transaction> transaction = {};
        std::optional<transactional::transaction_marker> marker = {};
        std::size_t bytes = 0;
        bool refused = false;
        completion done;

        [[nodiscard]] bool goes_alone() const { return transaction || marker; }
    };

    void enqueue(waiting_write next);
    runtime::awaitable<void> drain();
    runtime::awaitable<kafka::error_code> append(std::vector<waiting_write>& together);
    std::vector<waiting_write> take_some();

    coordinator_log& log_;
    kafka::partition_index partition_;
    kafka::leader_epoch epoch_;
    runtime::scope& owner_;
    std::deque<waiting_write> queue_;
    std::size_t queued_bytes_ = 0;
    bool draining_ = false;
};

}  // namespace verdikt::broker::coordinator
