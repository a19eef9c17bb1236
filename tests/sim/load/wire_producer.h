/// A producer that never gives up: connects anew whenever anything goes wrong.
#pragma once

#include "kafka/messages/produce.h"
#include "tests/raw_wire/wire_client.h"
#include "tests/sim/load/produce_history.h"

#include <optional>
#include <string>

namespace verdikt::tests {

enum class delivery {
    at_most_once,  ///< A batch whose outcome is unknown is never sent again.
    exactly_once,  ///< Idempotent: it is sent again, under the same sequence number.
};

class wire_producer {
  public:
    /// All references outlive the producer.
    wire_producer(runtime::environment& world,
                  produce_history& history,
                  std::string name,
                  delivery kind);

    /// Sends to partition after partition until the world's clock says `until`.
    runtime::awaitable<void> run(runtime::instant until);

  private:
    enum class outcome { stored, refused, unknown };
    struct batch {
        std::int32_t partition = 0;
        std::string value;
        std::int32_t count = 1;
        std::int32_t base_sequence = -1;
    };

    runtime::awaitable<void> converse(runtime::instant until);
    runtime::awaitable<bool> prepare(wire_client& client);
    runtime::awaitable<outcome> deliver(wire_client& client, batch what);
    [[nodiscard]] batch next_batch();
    void settled(const batch& what, outcome how);

    runtime::environment& world_;
    produce_history& history_;
    std::string name_;
    delivery kind_;
    std::int64_t sent_ = 0;
    std::int64_t producer_id_ = -1;
    std::int16_t producer_epoch_ = -1;
    std::map<std::int32_t, std::int32_t> next_sequence_;
    std::optional<batch> unsettled_;
};

/// What lies in partitions 0 to `partitions` - 1, read to the high watermark. Requires: the broker
/// is up and healthy.
runtime::awaitable<std::map<std::int32_t, log_content>> read_partitions(runtime::environment& world,
                                                                        std::int32_t partitions);

}  // namespace verdikt::tests
