/// Reads, once the trouble is over, every key that there ever was.
///
/// Each to the high watermark that its leader tells after the operation began: all that was
/// acknowledged lies below. A read_committed reader gets there once no transaction is open below
/// it. The operations say `final`, so that the checker may miss what they go without.
#pragma once

#include "client/consumer.h"
#include "runtime/environment.h"
#include "workloads/keyed_transactions/keyed_options.h"
#include "workloads/recorder/recorder.h"

#include <cstdint>

namespace verdikt::workloads {

class key_final_reader {
  public:
    /// References outlive it.
    key_final_reader(runtime::environment& world, const keyed_options& plan, recorder& history)
        : world_(world), plan_(plan), history_(history) {}

    /// The keys 0, 1, … until all are read or the deadline comes.
    runtime::awaitable<void> run(std::int32_t keys, runtime::instant deadline);

  private:
    runtime::awaitable<void> use_asker(client::consumer& reader,
                                       std::int32_t keys,
                                       runtime::instant deadline);
    runtime::awaitable<void> read_all(client::consumer& reader,
                                      client::consumer& asker,
                                      std::int32_t keys,
                                      runtime::instant deadline);
    runtime::awaitable<bool> read(client::consumer& reader,
                                  client::consumer& asker,
                                  std::int32_t key,
                                  runtime::instant deadline);

    runtime::environment& world_;
    const keyed_options& plan_;
    recorder& history_;
    std::int64_t process_ = -1;
};

}  // namespace verdikt::workloads
