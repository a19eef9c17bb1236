/// Reads every partition from its beginning to its end, once the trouble is over, and records it.
///
/// The end is what the leader tells after the reader has begun, with all that is acknowledged: the
/// high watermark. A read_committed reader gets there once no transaction is open below it, which
/// takes as long as the brokers need to end those of processes that died.
#pragma once

#include "client/consumer.h"
#include "runtime/environment.h"
#include "workloads/queue/queue_options.h"
#include "workloads/recorder/recorder.h"

#include <map>
#include <set>

namespace verdikt::workloads {

class queue_final_reader {
  public:
    /// References outlive it.
    queue_final_reader(runtime::environment& world, const queue_options& plan, recorder& history)
        : world_(world), plan_(plan), history_(history) {}

    /// Until everything is read or the deadline comes.
    runtime::awaitable<void> run(runtime::instant deadline);

  private:
    runtime::awaitable<void> read(client::consumer& reader, runtime::instant deadline);
    runtime::awaitable<void> poll_once(client::consumer& reader);
    [[nodiscard]] runtime::awaitable<std::set<std::int32_t>> newly_read(client::consumer& reader);
    [[nodiscard]] client::partition_set all_partitions() const;

    runtime::environment& world_;
    const queue_options& plan_;
    recorder& history_;
    std::int64_t process_ = -1;
    std::map<std::int32_t, kafka::offset> ends_;  ///< Of the partitions that are not yet read.
};

}  // namespace verdikt::workloads
