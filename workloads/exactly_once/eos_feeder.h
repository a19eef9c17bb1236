/// Writes inputs: numbers, none of them twice.
#pragma once

#include "client/producer.h"
#include "runtime/environment.h"
#include "workloads/exactly_once/exactly_once.h"
#include "workloads/lives.h"
#include "workloads/recorder/recorder.h"

#include <cstdint>
#include <optional>

namespace verdikt::workloads {

class eos_feeder {
  public:
    /// References outlive it.
    eos_feeder(runtime::environment& world,
               const exactly_once_options& plan,
               recorder& history,
               runtime::random_source random)
        : world_(world),
          plan_(plan),
          history_(history),
          random_(random),
          line_(world, [this](runtime::instant until) { return live(until); }) {}

    runtime::awaitable<void> run(runtime::instant until) { return line_.run(until); }
    bool crash() { return line_.crash(); }

  private:
    runtime::awaitable<void> live(runtime::instant until);
    runtime::awaitable<void> feed(client::producer& writer, runtime::instant until);
    runtime::awaitable<void> send(client::producer& writer);

    runtime::environment& world_;
    const exactly_once_options& plan_;
    recorder& history_;
    runtime::random_source random_;
    lives line_;
    std::int64_t next_value_ = 0;
    std::int64_t process_ = -1;
    bool over_ = false;
};

}  // namespace verdikt::workloads
