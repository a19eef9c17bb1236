/// One line of processes that send, scan and delete, one after the other.
///
/// A process is a producer of its own; it scans with a fresh consumer each time. It lives until it
/// meets an outcome that it cannot know, or crashes.
#pragma once

#include "client/producer.h"
#include "runtime/environment.h"
#include "workloads/compaction/compaction_options.h"
#include "workloads/compaction/keyed_value.h"
#include "workloads/lives.h"
#include "workloads/recorder/recorder.h"

#include <cstdint>
#include <vector>

namespace verdikt::workloads {

/// What all processes of a run know together.
struct compaction_board {
    std::int64_t next_number = 0;
    std::vector<std::int64_t> highest;  ///< By partition: the highest offset that was told, or -1.
};

class compaction_worker {
  public:
    /// References outlive it.
    compaction_worker(runtime::environment& world,
                      const compaction_options& plan,
                      compaction_board& board,
                      recorder& history,
                      runtime::random_source random);

    runtime::awaitable<void> run(runtime::instant until) { return line_.run(until); }
    bool crash() { return line_.crash(); }

  private:
    runtime::awaitable<void> live(runtime::instant until);
    runtime::awaitable<void> act(client::producer& writer, runtime::instant until);
    runtime::awaitable<void> act_once(client::producer& writer);
    runtime::awaitable<void> send(client::producer& writer);
    runtime::awaitable<client::result<client::pending_delivery>> append(client::producer& writer,
                                                                        keyed_value what);
    runtime::awaitable<void> delete_records();
    void crash_itself();
    void end(open_operation& what, checker::history::op_type type, std::string_view why);
    [[nodiscard]] std::vector<keyed_value> draw_records();

    runtime::environment& world_;
    const compaction_options& plan_;
    compaction_board& board_;
    recorder& history_;
    runtime::random_source random_;
    lives line_;
    std::int64_t process_ = -1;
    bool over_ = false;  ///< This process acts no more.
};

}  // namespace verdikt::workloads
