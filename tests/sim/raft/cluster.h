/// A quorum in memory: replicas, their disks and clocks, and a network that does as it is told.
///
/// One thread, one queue of events in virtual time, all chance from one seed. Nothing here knows
/// what a fault schedule is: it has the levers (crash, restart, links, speeds) that storm.h pulls.
#pragma once

#include "broker/raft/replica.h"
#include "runtime/random.h"
#include "tests/sim/raft/judge.h"
#include "tests/sim/raft/marks.h"
#include "tests/sim/raft/toy_disk.h"
#include "tests/sim/scheduler.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::broker::raft {

struct network_weather {
    double loss = 0;
    double duplication = 0;
    duration delay_min = std::chrono::microseconds(200);
    duration delay_max = std::chrono::milliseconds(2);
    /// A lost message is noticed by its sender, as on a connection that breaks.
    double loss_noticed = 0.5;
    double loss_taken_for_end = 0.2;  ///< Of those noticed.
};

struct cluster_form {
    int voters = 3;
    int spare_controllers = 1;  ///< Observers that may become voters.
    int brokers = 1;            ///< Observers that may not.
    deceit disks = deceit::none;
};

class cluster {
  public:
    cluster(const cluster_form& form, std::uint64_t seed);

    void run_until(instant end) { time_.run_until(end); }
    [[nodiscard]] instant now() const { return time_.now(); }
    runtime::random_source& chance() { return chance_; }

    // ---- Levers.
    void crash(node_id node);
    void restart(node_id node);
    void block(node_id from, node_id to, bool blocked);
    void unblock_all() { blocked_.clear(); }
    void mark_one_way() { marks_.reach(mark::one_way_partition); }
    void set_clock_rate(node_id node, double rate);
    void set_sync_delay(node_id node, duration longest);
    network_weather weather;

    /// Does something at a moment of virtual time.
    void at(instant when, std::function<void()> act) { time_.at(when, std::move(act)); }

    // ---- Users.
    /// Some leader that is ready appends a few batches of a value of their own.
    void append_somewhere();
    void add_voter_somewhere();
    void remove_voter_somewhere();
    void snapshot(node_id node);
    void resign_leader();

    // ---- State.
    [[nodiscard]] std::vector<node_id> all() const;
    [[nodiscard]] std::vector<node_id> controllers() const;
    [[nodiscard]] bool is_up(node_id node) const { return nodes_.at(node).core != nullptr; }
    [[nodiscard]] std::optional<node_id> leader() const;
    /// That of the leader that is ready; 0 without one.
    [[nodiscard]] offset committed() const;
    /// Whether everybody has delivered all records below `end`.
    [[nodiscard]] bool all_applied(offset end) const;
    [[nodiscard]] const judge& judged() const { return judge_; }
    [[nodiscard]] const mark_counts& marks() const { return marks_; }
    [[nodiscard]] std::uint64_t events() const { return time_.happened(); }
    /// The last events, for a report.
    [[nodiscard]] std::string history() const;

  private:
    struct timer_state {
        std::uint64_t generation = 0;
        std::optional<duration> at = {};  ///< On the node's clock.
    };

    struct node {
        replica_key key;
        bool may_vote = true;
        std::unique_ptr<toy_disk> disk;
        std::unique_ptr<replica> core;  ///< Null while it is down.
        std::uint64_t incarnation = 0;
        double clock_rate = 1;
        duration clock_base{};  ///< What its clock showed at `clock_since`.
        instant clock_since{};
        duration sync_delay_max = std::chrono::milliseconds(3);
        instant disk_free_at{};
        std::array<timer_state, timer_count> timers{};
        std::vector<std::byte> download;
        offset applied{0};
        std::uint64_t digest = 0;
    };

    /// Who asked, so that the answer finds its way back to the same life of it.
    struct caller {
        node_id node;
        std::uint64_t incarnation = 0;
        request_id id;
    };

    // cluster.cpp
    void schedule_for(node_id node, instant when, std::function<void()> act);
    [[nodiscard]] duration local_clock(const node& which) const;
    [[nodiscard]] moment moment_of(const node& which);
    void note(std::string line);

    // cluster_effects.cpp
    template <typename Event>
    void step(node_id node, Event event);
    void carry_out(node_id node, effects& out);
    void carry_out_disk(node& on, const effect& what);
    void sync(node& on, const sync_log& what);
    void persist(node& on, const persist_state& what);
    void install(node& on, const install_snapshot& what);
    void apply_committed(node& on, offset to);
    void load(node& on, const snapshot_id& id);
    void set_timer(node& on, timer which, std::optional<duration> after);

    // cluster_network.cpp
    void send_request(node& from, const send& what);
    void deliver_request(const caller& who, node_id to, const request& what);
    void send_answer(node& from, const reply& what);
    void deliver_answer(const caller& who, const answer& what);
    void fill_in(node& from, const reply& what, answer& filled);
    template <typename Deliver>
    void travel(node_id from, node_id to, Deliver deliver, std::function<void()> on_loss);
    void judge_request(const node& from, const request& what);
    void judge_answer(const node& from, const caller& to, const answer& what);

    // cluster_marks.cpp
    struct before_step {
        raft::role role{};
        leader_epoch epoch;
        offset high_watermark;
        std::optional<offset> voters_at;
        leader_epoch last_epoch;
    };
    [[nodiscard]] static before_step look(const replica& core);
    void observe(node_id node, const before_step& before, const effects& out);
    void observe_role(const replica& core, const before_step& before);
    void observe_commit(const replica& core, const before_step& before);
    void observe_effect(node_id node, const effect& each, const before_step& before);

    runtime::random_source chance_;
    tests::scheduler time_;
    std::map<node_id, node> nodes_;
    voter_set configured_;
    std::map<ticket, caller> tickets_;
    std::map<ticket, bool> changes_;  ///< Changes of voters: whether one is added.
    std::uint64_t last_ticket_ = 0;
    std::uint64_t last_value_ = 0;
    std::map<std::pair<node_id, node_id>, bool> blocked_;
    std::map<leader_epoch, std::map<node_id, vote_request>> votes_asked_;
    std::map<ticket, vote_request> asked_of_;
    std::optional<timer> firing_;                 ///< The event under way.
    bool persisting_ = false;                     ///< The event under way is a completed write.
    std::optional<leader_epoch> handed_over_in_;  ///< The last epoch that was resigned on demand.
    judge judge_;
    mark_counts marks_;
    std::deque<std::string> history_;
};

}  // namespace verdikt::broker::raft
