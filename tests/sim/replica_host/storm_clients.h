/// Those who write to and read from the partitions of a storm, over the network.
#pragma once

#include "broker/link/node_links.h"
#include "tests/sim/replica_host/metadata_court.h"
#include "tests/sim/replica_host/storm_history.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::tests {

/// An idempotent producer of one partition, which repeats each batch until it is acknowledged.
struct storm_writer {
    kafka::topic_partition which;
    std::int64_t producer = 0;
    std::int32_t next_sequence = 0;
    bool done = false;
};

class storm_clients {
  public:
    storm_clients(runtime::environment& world, const metadata_court& court, storm_history& history);

    /// Until told that the storm is over.
    runtime::awaitable<void> write(storm_writer& writer, const bool& over);
    /// Sends each batch once, with any acks, and takes what comes.
    runtime::awaitable<void> write_and_forget(kafka::topic_partition which, const bool& over);
    runtime::awaitable<void> read(kafka::topic_partition which, const bool& over);
    runtime::awaitable<void> stop() { return links_.stop(); }

  private:
    struct batch {
        std::vector<std::string> values;
        std::vector<std::byte> bytes;
    };
    [[nodiscard]] batch make_batch(const std::string& prefix, const storm_writer* writer);
    [[nodiscard]] runtime::awaitable<std::expected<kafka::offset, kafka::error_code>> send(
        kafka::topic_partition to, const batch& what, std::int16_t acks);
    [[nodiscard]] kafka::node_id leader_of(const kafka::topic_partition& which);
    [[nodiscard]] runtime::awaitable<void> pause(std::int64_t ms_max);

    runtime::environment& world_;
    const metadata_court& court_;
    storm_history& history_;
    broker::link::node_links links_;
    std::uint64_t forgotten_ = 0;
};

/// All values of whole batches, with their offsets.
[[nodiscard]] storm_history::values values_in(std::span<const std::byte> bytes);

}  // namespace verdikt::tests
