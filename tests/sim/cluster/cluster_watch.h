/// Watches the brokers from outside, often: counts the marks that it sees reached between two
/// looks, knows who plays which role just now, and holds the cluster to what must always be true of
/// it as a whole.
///
/// It changes nothing and waits for nothing, so a run is the same with it and without it.
#pragma once

#include "broker/metadata/image.h"
#include "tests/sim/cluster/cluster_court.h"
#include "tests/sim/cluster/cluster_machine.h"
#include "tests/sim/cluster/cluster_marks.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::tests {

/// Whom a fault may be aimed at.
enum class role : std::uint8_t {
    anyone,
    controller,
    leader,
    group_coordinator,
    transaction_coordinator,
    lagging_replica,
    last_in_sync,
};
inline constexpr std::size_t roles = 7;

class cluster_watch {
  public:
    /// All outlive it. `topic` is the one whose leaders matter.
    cluster_watch(runtime::sim::world& universe,
                  const std::deque<cluster_machine>& machines,
                  cluster_marks& into,
                  std::string topic)
        : universe_(universe),
          machines_(machines),
          marks_(into),
          topic_(std::move(topic)),
          court_(universe, machines) {}

    void look();
    /// Looks into the state machines of all brokers too: dearer.
    void look_closely();
    /// Members that stay what they are while their coordinator moves.
    void has_static_member(const runtime::sim::node& which) { static_members_.push_back(&which); }

    // As far as metadata goes; 0 for nobody.
    [[nodiscard]] int find(role which, runtime::random_source& random) const;
    [[nodiscard]] int leader_of(const std::string& topic, std::size_t partition) const;
    [[nodiscard]] bool leads_anything(kafka::node_id node) const;
    [[nodiscard]] int controller() const;
    /// What is committed, as the broker knows it that knows most.
    [[nodiscard]] const broker::metadata::image& newest() const { return newest_; }
    /// Since when every broker that serves knows the topic as it is now; nothing if not all do.
    [[nodiscard]] std::optional<runtime::instant> known_to_all_since(
        const std::string& topic) const;

    [[nodiscard]] const std::vector<std::string>& violations() const { return court_.violations(); }

  private:
    using image = broker::metadata::image;
    using hosted = broker::replication::host::hosted_partition;

    /// A broker in one life.
    struct machine_seen {
        std::uint64_t life = 0;
        std::uint64_t clean_ends = 0;
        std::map<kafka::error_code, std::uint64_t> errors;
        std::uint64_t duplicates = 0;
        std::uint64_t duplicates_of_former = 0;
        bool is_full = false;
        bool is_maimed = false;
        std::int64_t snapshot_end = 0;
        bool has_metadata = false;
    };
    /// A replica in one life of its broker.
    struct replica_seen {
        std::uint64_t life = 0;
        kafka::offset start{0};
        kafka::offset end{0};
        std::uint64_t size = 0;
        std::optional<kafka::leader_epoch> serving;
        bool proposes = false;
        bool in_doubt = false;
        /// Of the newest records: epochs and where they begin.
        std::map<kafka::leader_epoch, kafka::offset> epochs;
    };
    struct transaction_seen {
        int coordinator = 0;
        std::string state;
    };

    void count_if(bool happened, mark which) {
        if (happened) marks_.count(which);
    }
    /// Counts what lasts once, when it begins.
    void count_beginning(mark which, bool lasts);

    // cluster_watch_metadata.cpp
    void look_at_metadata();
    void compare(const image& before, const image& after);
    void compare_topics(const image& before, const image& after);
    void compare_elections(const image& known,
                           const kafka::topic_partition& which,
                           const broker::metadata::partition& before,
                           const broker::metadata::partition& after);
    void compare_in_sync(const broker::metadata::partition& before,
                         const broker::metadata::partition& after);
    void compare_moves(const broker::metadata::partition& before,
                       const broker::metadata::partition& after);
    void compare(const broker::metadata::broker_registration& before,
                 const broker::metadata::broker_registration& after);
    [[nodiscard]] bool is_anything(bool (*so)(const broker::metadata::partition&)) const;
    [[nodiscard]] bool is_anyone_down() const;
    void note_who_knows();

    // cluster_watch_replicas.cpp
    void look_at_replicas();
    void look_at(const cluster_machine& on, const hosted& replica);
    void look_at_log(const hosted& replica, const replica_seen& before, replica_seen& now);
    void look_at_leader(const cluster_machine& on,
                        const hosted& replica,
                        const replica_seen& before,
                        replica_seen& now);

    // cluster_watch_nodes.cpp
    void look_at_machines();
    void look_at_answers(machine_seen& seen, const broker::server::node_services& here);
    void look_at_disks(machine_seen& seen, const cluster_machine& which);
    void look_at_quorum();
    void look_at_metadata_log(machine_seen& seen, const broker::server::node_services& here);
    void look_at_transactions();
    void look_at_transaction(const broker::server::node_services& here,
                             const std::string& id,
                             const std::string& state);

    runtime::sim::world& universe_;
    const std::deque<cluster_machine>& machines_;
    cluster_marks& marks_;
    std::string topic_;
    cluster_court court_;
    std::array<bool, marks> lasting_{};
    image newest_;
    std::map<std::pair<kafka::node_id, kafka::topic_partition>, replica_seen> replicas_;
    std::map<kafka::node_id, machine_seen> nodes_;
    std::map<kafka::node_id, kafka::offset> metadata_ends_;  ///< Over all lives.
    std::map<std::string, transaction_seen> transactions_;
    std::map<kafka::topic_partition, runtime::instant> last_election_;
    std::map<kafka::topic_partition, kafka::offset> highest_start_;
    std::set<std::string> deleted_topics_;
    std::map<kafka::uuid, runtime::instant> known_to_all_;
    std::vector<const runtime::sim::node*> static_members_;
    std::set<kafka::node_id> voters_;
    std::int64_t voters_epoch_ = 0;
    int last_controller_ = 0;
    // Of this look.
    std::map<kafka::topic_partition, int> serving_;
    bool is_behind_ = false;
    bool is_under_min_ = false;
    bool is_isolated_ = false;
    bool waits_for_joiner_ = false;
    bool is_held_back_ = false;
    bool is_fenced_ = false;
};

}  // namespace verdikt::tests
