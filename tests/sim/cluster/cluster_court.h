/// What must always be true of a cluster as a whole, whatever strikes it.
///
/// Each broker checks its own state machines; this sees all of them at once. It holds them to
///  - one leader an epoch, for every partition and for the metadata log;
///  - leaders that never change within an epoch of the quorum, and votes that no process changes;
///  - LSO <= high watermark <= log end, on every replica;
///  - a high watermark that never goes back on a leader;
///  - a leader that holds everything that any replica knows to be committed, unless its topic
///    allows unclean elections;
///  - a committed offset that keeps the leader epoch of its record, everywhere and for ever.
#pragma once

#include "broker/raft/types.h"
#include "tests/sim/cluster/cluster_machine.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::tests {

class cluster_court {
  public:
    cluster_court(runtime::sim::world& universe, const std::deque<cluster_machine>& machines)
        : universe_(universe), machines_(machines) {}

    void look();
    /// And calls the invariants of every state machine, which end the run if they do not hold.
    void look_closely();
    [[nodiscard]] const std::vector<std::string>& violations() const { return violations_; }

  private:
    using hosted = broker::replication::host::hosted_partition;
    using partition_id = std::pair<kafka::uuid, kafka::partition_index>;

    struct leadership {
        kafka::node_id leader;
        kafka::offset high_watermark{0};
    };
    struct history {
        std::map<kafka::leader_epoch, leadership> leaders;
        kafka::leader_epoch newest_epoch = kafka::no_leader_epoch;
        kafka::offset committed{0};
        bool may_lose = false;
        broker::metadata::log_position known_at;
        /// Some committed offsets, with the epochs of their records.
        std::map<kafka::offset, kafka::leader_epoch> samples;
    };
    struct ballot {
        std::optional<kafka::node_id> leader;
        /// Of each process.
        std::map<std::pair<kafka::node_id, std::uint64_t>, broker::raft::replica_key> votes;
    };

    void note_epochs();
    void look_at(const cluster_machine& on, const hosted& replica);
    void look_at_leader(const cluster_machine& on, const hosted& replica, history& of);
    void look_at_samples(const hosted& replica, kafka::node_id on, history& of);
    void look_at_votes(const cluster_machine& on);
    [[nodiscard]] static bool may_lose(const broker::server::node_services& here,
                                       const std::string& topic,
                                       history& of);
    void complain(std::string what);

    runtime::sim::world& universe_;
    const std::deque<cluster_machine>& machines_;
    std::map<partition_id, history> partitions_;
    std::map<broker::raft::leader_epoch, ballot> ballots_;
    std::vector<std::string> violations_;
};

}  // namespace verdikt::tests
