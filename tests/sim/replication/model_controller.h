/// The controller as the rules have it, in one place and without a log of its own: registration,
/// sessions, AlterPartition in the order of its checks, elections, eligible leader replicas
/// (KIP-966), brokers that restarted uncleanly.
///
/// It is one process that never fails. It can be out of reach.
#pragma once

#include "broker/replication/in_sync_set.h"
#include "broker/replication/partition_state.h"
#include "kafka/types.h"
#include "runtime/clock.h"
#include "runtime/random.h"
#include "tests/sim/replication/marks.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>

namespace verdikt::broker::replication {

/// All that brokers learn from the metadata log up to `version`.
struct metadata_image {
    std::uint64_t version = 0;
    partition_state partition;
    broker_standings brokers;
};

struct controller_rules {
    int min_insync_replicas = 1;
    milliseconds session_timeout{600};
    bool unclean_elections = false;
    /// What a member in sync holds survives a loss of power, so its restart costs nothing.
    bool durable_members = true;
    /// For the canary: members that restarted uncleanly stay in sync.
    bool trusts_unclean_restarts = false;
};

class model_controller {
  public:
    model_controller(const controller_rules& rules,
                     std::vector<kafka::node_id> replicas,
                     runtime::random_source random,
                     mark_table& marks);

    /// A new process of that broker; the same process may ask twice. `clean` if it proved that its
    /// predecessor stopped in order.
    broker_epoch register_broker(kafka::node_id node, std::uint64_t process, bool clean);
    void heartbeat(kafka::node_id node,
                   broker_epoch epoch,
                   std::uint64_t seen_version,
                   runtime::instant now);
    void begin_shutdown(kafka::node_id node, broker_epoch epoch);
    [[nodiscard]] alter_outcome alter_partition(kafka::node_id sender,
                                                broker_epoch sender_epoch,
                                                const send_alter_partition& request);
    void expire_sessions(runtime::instant now);
    /// Another live member in sync takes over, if there is one.
    void move_leadership();
    /// For the canary: whoever is live takes over, in sync or not, and nobody says so.
    void elect_anybody();

    [[nodiscard]] const metadata_image& image() const { return image_; }
    [[nodiscard]] const std::set<kafka::node_id>& eligible() const { return eligible_; }
    /// Whether somebody other than `node` has all that is committed.
    [[nodiscard]] bool has_another_holder(kafka::node_id node) const;
    [[nodiscard]] std::uint64_t unclean_elections() const { return unclean_elections_; }

  private:
    struct registration {
        std::uint64_t process = 0;
        std::uint64_t version = 0;  ///< Of the metadata that has it.
        runtime::instant last_heartbeat{};
    };

    [[nodiscard]] kafka::error_code refuse(kafka::node_id sender,
                                           broker_epoch sender_epoch,
                                           const send_alter_partition& request) const;
    [[nodiscard]] bool is_live(kafka::node_id node) const;
    void set_isr(std::set<kafka::node_id> isr);
    void set_leader(kafka::node_id leader);
    void remove_from_isr(kafka::node_id node);
    void drop_for_unclean_restart(kafka::node_id node);
    void fence(kafka::node_id node);
    void elect();
    [[nodiscard]] std::optional<kafka::node_id> pick(const std::set<kafka::node_id>& from);
    void changed();

    controller_rules rules_;
    runtime::random_source random_;
    mark_table& marks_;
    metadata_image image_;
    std::set<kafka::node_id> eligible_;
    std::map<kafka::node_id, registration> registrations_;
    std::int64_t last_epoch_ = 0;
    std::uint64_t unclean_elections_ = 0;
};

}  // namespace verdikt::broker::replication
