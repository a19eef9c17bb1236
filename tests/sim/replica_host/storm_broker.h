/// A broker of a storm: storage, links and the host of its replicas, registered with the court.
#pragma once

#include "broker/link/node_links.h"
#include "broker/replication/host/fetch_service.h"
#include "broker/replication/host/replicas.h"
#include "broker/storage/log_directory.h"
#include "tests/request_server/request_server.h"
#include "tests/sim/replica_host/metadata_court.h"
#include "tests/sim/replica_host/storm_history.h"

#include <memory>
#include <optional>

namespace verdikt::tests {

struct storm_settings {
    std::int32_t min_insync_replicas = 2;
    bool durable = true;
    std::chrono::milliseconds replica_lag_time_max{600};
    std::int64_t segment_bytes = 4'000;
};

inline constexpr kafka::node_id court_node{100};

class storm_broker {
  public:
    storm_broker(kafka::node_id id,
                 const storm_settings& settings,
                 const metadata_court& court,
                 storm_history& history)
        : id_(id), settings_(settings), court_(court), history_(history) {}

    /// One life of the process.
    runtime::awaitable<void> run(runtime::environment& world);

    [[nodiscard]] kafka::node_id id() const { return id_; }
    /// Null while it is down or starts.
    [[nodiscard]] broker::replication::host::replicas* replicas() const;
    [[nodiscard]] bool is_caught_up() const;
    /// Begins a DeleteRecords in the broker's process, which may die over it. Requires: replicas().
    void delete_records(broker::replication::host::partition_ptr which, kafka::offset up_to);

  private:
    struct life;

    kafka::node_id id_;
    const storm_settings& settings_;
    const metadata_court& court_;
    storm_history& history_;
    life* life_ = nullptr;
};

}  // namespace verdikt::tests
