/// Writes inputs: numbers, none of them twice.
#pragma once

#include "client/producer.h"
#include "runtime/environment.h"
#include "runtime/scope.h"
#include "workloads/exactly_once/exactly_once.h"
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
        : world_(world), plan_(plan), history_(history), random_(random) {}

    runtime::awaitable<void> run(runtime::instant until);
    bool crash();

  private:
    runtime::awaitable<void> live(runtime::instant until);
    runtime::awaitable<void> feed(client::producer& writer, runtime::instant until);
    runtime::awaitable<void> send(client::producer& writer);

    runtime::environment& world_;
    const exactly_once_options& plan_;
    recorder& history_;
    runtime::random_source random_;
    std::optional<runtime::scope> living_;
    std::int64_t next_value_ = 0;
    std::int64_t process_ = -1;
    bool over_ = false;
};

}  // namespace verdikt::workloads
