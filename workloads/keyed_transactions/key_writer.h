/// One line of processes that write transactions, one after the other.
///
/// A transaction writes to some keys, each once, and is then committed; now and then it is aborted
/// on purpose, or its process crashes in the middle, so that the next life of the same
/// transactional id has to end it. Without transactions its writes are plain sends.
#pragma once

#include "client/producer.h"
#include "runtime/environment.h"
#include "workloads/keyed_transactions/key_board.h"
#include "workloads/keyed_transactions/key_step.h"
#include "workloads/keyed_transactions/keyed_options.h"
#include "workloads/lives.h"
#include "workloads/recorder/recorder.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace verdikt::workloads {

class key_writer {
  public:
    /// References outlive it.
    key_writer(runtime::environment& world,
               const keyed_options& plan,
               key_board& board,
               recorder& history,
               std::size_t number,
               runtime::random_source random)
        : world_(world),
          plan_(plan),
          board_(board),
          history_(history),
          number_(number),
          random_(random),
          line_(world, [this](runtime::instant until) { return live(until); }) {}

    runtime::awaitable<void> run(runtime::instant until) { return line_.run(until); }
    /// The process that lives now ends where it stands. False if there is none.
    bool crash() { return line_.crash(); }

  private:
    using op_type = checker::history::op_type;
    using steps = std::vector<key_step>;
    using deliveries = std::vector<client::pending_delivery>;

    runtime::awaitable<void> live(runtime::instant until);
    runtime::awaitable<void> write(client::producer& writer, runtime::instant until);
    runtime::awaitable<void> send(client::producer& writer);
    runtime::awaitable<void> transact(client::producer& writer);
    runtime::awaitable<void> finish(client::producer& writer,
                                    open_operation& op,
                                    steps& what,
                                    const deliveries& sent);
    runtime::awaitable<std::optional<client::error>> append_all(client::producer& writer,
                                                                const steps& what,
                                                                deliveries& sent);
    runtime::awaitable<void> abort(client::producer& writer);
    void end(open_operation& op, op_type type);
    void tell(open_operation& op, const steps& what) const;
    [[nodiscard]] steps draw();

    runtime::environment& world_;
    const keyed_options& plan_;
    key_board& board_;
    recorder& history_;
    std::size_t number_;
    runtime::random_source random_;
    lives line_;
    std::int64_t process_ = -1;
    bool over_ = false;  ///< This process acts no more.
};

}  // namespace verdikt::workloads
