/// One line of processes that read keys.
///
/// A process has one consumer. An operation reads some keys, one after the other: each from its
/// beginning to the end that its leader tells first (of registers the last part of that). What is
/// seen of two keys is not one moment. A read that does not get to its end in time fails.
#pragma once

#include "client/consumer.h"
#include "runtime/environment.h"
#include "workloads/keyed_transactions/key_board.h"
#include "workloads/keyed_transactions/key_step.h"
#include "workloads/keyed_transactions/keyed_options.h"
#include "workloads/lives.h"
#include "workloads/recorder/recorder.h"

#include <cstdint>
#include <vector>

namespace verdikt::workloads {

class key_reader {
  public:
    /// References outlive it.
    key_reader(runtime::environment& world,
               const keyed_options& plan,
               const key_board& board,
               recorder& history,
               runtime::random_source random)
        : world_(world),
          plan_(plan),
          board_(board),
          history_(history),
          random_(random),
          line_(world, [this](runtime::instant until) { return live(until); }) {}

    runtime::awaitable<void> run(runtime::instant until) { return line_.run(until); }
    /// The process that lives now ends where it stands. False if there is none.
    bool crash() { return line_.crash(); }

  private:
    runtime::awaitable<void> live(runtime::instant until);
    runtime::awaitable<void> read_on(client::consumer& reader, runtime::instant until);
    runtime::awaitable<void> read(client::consumer& reader);
    runtime::awaitable<bool> carry_out(client::consumer& reader, key_step& what);

    runtime::environment& world_;
    const keyed_options& plan_;
    const key_board& board_;
    recorder& history_;
    runtime::random_source random_;
    lives line_;
    std::int64_t process_ = -1;
};

}  // namespace verdikt::workloads
