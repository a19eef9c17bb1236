/// Reads, once the trouble is over, what the group has committed and everything there is.
///
/// The offsets are read twice: what had been committed before the output was read must have its
/// outputs; and what the output shows must be committed by the time at which they are read again.
/// The end of a partition is what its leader tells after the reader has begun: the high watermark.
/// A read_committed reader gets there once no transaction is open below it.
#pragma once

#include "client/consumer.h"
#include "runtime/environment.h"
#include "workloads/exactly_once/eos_records.h"
#include "workloads/recorder/recorder.h"

namespace verdikt::workloads {

class eos_final_reader {
  public:
    /// References outlive it.
    eos_final_reader(runtime::environment& world,
                     const exactly_once_options& plan,
                     recorder& history)
        : world_(world), plan_(plan), history_(history) {}

    /// Until everything is read or the deadline comes.
    runtime::awaitable<void> run(runtime::instant deadline);

  private:
    runtime::awaitable<void> read_offsets(runtime::instant deadline);
    runtime::awaitable<void> ask_for_offsets(client::consumer& of, runtime::instant deadline);
    runtime::awaitable<void> read_all(client::consumer& reader, runtime::instant deadline);
    runtime::awaitable<void> poll_once(client::consumer& reader);
    runtime::awaitable<client::partition_set> newly_read(client::consumer& reader);

    runtime::environment& world_;
    const exactly_once_options& plan_;
    recorder& history_;
    std::int64_t process_ = -1;
    /// Of the partitions that are not yet read.
    std::map<client::topic_partition, kafka::offset> ends_;
};

}  // namespace verdikt::workloads
