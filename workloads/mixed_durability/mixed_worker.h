/// One line of processes that either send, with one `acks`, or read.
#pragma once

#include "client/consumer.h"
#include "client/producer.h"
#include "runtime/environment.h"
#include "workloads/lives.h"
#include "workloads/mixed_durability/mixed_durability.h"
#include "workloads/queue/micro_operations.h"
#include "workloads/recorder/recorder.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::workloads {

/// What all processes of a run know together.
struct mixed_board {
    std::vector<std::int64_t> next_value;      ///< By partition: values are never used twice.
    std::vector<std::int64_t> highest_polled;  ///< By partition, or -1.
};

class mixed_worker {
  public:
    /// References outlive it.
    mixed_worker(runtime::environment& world,
                 const mixed_durability_options& plan,
                 mixed_board& board,
                 recorder& history,
                 std::size_t number,
                 runtime::random_source random);

    runtime::awaitable<void> run(runtime::instant until) { return line_.run(until); }
    bool crash() { return line_.crash(); }

  private:
    using steps = std::vector<micro_operation>;

    runtime::awaitable<void> live(runtime::instant until);
    runtime::awaitable<void> write(runtime::instant until);
    runtime::awaitable<void> read(runtime::instant until);
    runtime::awaitable<void> send_on(client::producer& writer, runtime::instant until);
    runtime::awaitable<void> send(client::producer& writer);
    runtime::awaitable<client::result<client::pending_delivery>> append(client::producer& writer,
                                                                        micro_operation what);
    runtime::awaitable<void> poll_on(client::consumer& reader, runtime::instant until);
    runtime::awaitable<void> poll(client::consumer& reader);
    bool assign(client::consumer& reader);
    /// False if the process is over: it has crashed, or the time is up.
    runtime::awaitable<bool> rest(runtime::instant until);
    [[nodiscard]] steps draw_sends();
    [[nodiscard]] client::topic_partition partition(std::int32_t index) const;

    runtime::environment& world_;
    const mixed_durability_options& plan_;
    mixed_board& board_;
    recorder& history_;
    std::string acks_;  ///< Empty: it reads.
    runtime::random_source random_;
    lives line_;
    std::int64_t process_ = -1;
    bool over_ = false;  ///< This process acts no more.
};

}  // namespace verdikt::workloads
