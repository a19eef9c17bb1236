/// A small model of replication around the controller, to ask the one question that matters: does
/// anybody ever lead, or count as complete, who lacks what was acknowledged?
///
/// Each broker has its own view of the metadata, as old as it likes, and a log for each replica,
/// whose tail a power cut takes. Leaders commit as the protocol has it: what all of the in-sync set
/// and of a set proposed but unconfirmed have, and only while the effective minimum is in sync.
/// Followers copy the log of a leader of the same leader epoch and cut off what differs from it.
/// Proposals to the controller are delayed, repeated and lost.
#pragma once

#include "tests/unit/controller/cluster.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace verdikt::broker::controller::testing {

using metadata::topic_partition_id;

/// What a run may do.
struct weather {
    /// A replica counts as having only what is on disk. Otherwise the page cache counts, and power
    /// cuts take what was acknowledged from it.
    bool durable = true;
    bool last_known_leader = true;
    bool unclean = false;
    bool wipes = false;
};

class replicated_cluster {
  public:
    static constexpr std::int32_t brokers_max = 5;

    replicated_cluster(std::uint64_t seed, weather of);

    void step();
    /// Everybody comes back and works until nothing is left to do.
    void heal();
    /// Aborts the test if somebody counts as complete who is not.
    void check_complete();
    void expect_leaders_everywhere();

    [[nodiscard]] std::size_t acknowledged() const;
    [[nodiscard]] std::size_t elections() const { return leaderships_; }

  private:
    struct replica {
        std::vector<int> log;
        std::size_t synced = 0;
    };
    struct acknowledgement {
        int entry = 0;
        kafka::leader_epoch by;
    };
    struct follower {
        std::int64_t broker_epoch = -1;
        std::size_t has = 0;
    };
    struct leadership {
        kafka::leader_epoch epoch;
        std::size_t start = 0;
        std::size_t committed = 0;
        std::map<std::int32_t, follower> followers;
        std::optional<metadata::nodes> proposed;
        kafka::partition_epoch proposed_at;
    };
    struct broker {
        bool up = false;
        bool registered = false;
        bool stopping = false;
        std::int64_t epoch = -1;
        std::int64_t proof = -1;
        messages::broker_registration_request request;
        metadata::image view;
        std::size_t applied = 0;
        std::map<topic_partition_id, replica> replicas;
        std::map<topic_partition_id, leadership> leads;
    };

    // Processes.
    void start(std::int32_t id);
    void enroll(std::int32_t id);
    void beat(std::int32_t id);
    void stop(std::int32_t id, bool cleanly, bool power_cut);
    void wipe(std::int32_t id);
    // Metadata.
    void follow(std::int32_t id, std::size_t records);
    void take_up_leaderships(std::int32_t id);
    [[nodiscard]] bool acts(std::int32_t id) const;
    // Replication.
    void produce();
    void fetch(std::int32_t id);
    void fetch(std::int32_t id, const topic_partition_id& which);
    void sync(std::int32_t id);
    void commit(std::int32_t id, const topic_partition_id& which);
    void propose(std::int32_t id);
    void propose(std::int32_t id, const topic_partition_id& which);
    void send(std::int32_t id, const topic_partition_id& which);
    void deliver_proposal();
    void settle(const messages::alter_partition_request& request,
                const messages::alter_partition_response& answer);
    // Operators.
    void administer();
    void change_minimum();
    void move_partition();
    void tell_directories(std::int32_t id);

    /// Whether the replica has what leaders up to that epoch acknowledged. A leader that does not
    /// know yet that it is none any more may lack what later ones did.
    [[nodiscard]] bool has_all(std::int32_t id,
                               const topic_partition_id& which,
                               kafka::leader_epoch by);
    [[nodiscard]] std::size_t counted(const replica& of) const;
    [[nodiscard]] std::size_t effective_minimum(const broker& of,
                                                const topic_partition_id& which) const;
    std::int32_t any_broker() { return 1 + static_cast<std::int32_t>(chance_.below(count_)); }
    std::string any_topic() { return chance_.chance(0.5) ? "orders" : "bills"; }
    ids any_replicas();

    runtime::random_source chance_;
    weather weather_;
    std::uint64_t count_;
    cluster base_;
    std::map<std::int32_t, broker> brokers_;
    std::vector<messages::alter_partition_request> proposals_;
    std::map<topic_partition_id, std::vector<acknowledgement>> acknowledged_;
    int next_entry_ = 0;
    int next_directory_ = 500;
    std::size_t leaderships_ = 0;
    /// Nobody asks to be fenced: while it starts, and while it heals.
    bool calm_ = true;
};

}  // namespace verdikt::broker::controller::testing
