/// A broker that holds one replica: carries out what the state machine wants, at the pace of a disk
/// and a network, and dies now and then.
///
/// Its log operations are done in the order in which they were asked for, each after a while; what
/// is written becomes durable later still. A new process starts from the log alone.
#pragma once

#include "broker/replication/partition_replica.h"
#include "tests/sim/replication/memory_log.h"
#include "tests/sim/replication/world.h"

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace verdikt::broker::replication {

class replica_node {
  public:
    using produce_answer = std::function<void(kafka::error_code, kafka::offset)>;

    replica_node(world& where, kafka::node_id id) : world_(where), id_(id) {}

    // ---- Life.

    void start();
    /// Kill -9: what was written stays.
    void kill();
    /// Loses some of what was not durable.
    void lose_power();
    /// Leaves in order: leadership is given up, the log is synced, its proof is left behind.
    void shut_down();
    void pause(milliseconds span);
    [[nodiscard]] bool is_up() const { return is_up_; }
    [[nodiscard]] bool is_registered() const { return is_up_ && epoch_ != no_broker_epoch; }

    // ---- Requests.

    void produce(std::uint64_t value, required_acks acks, produce_answer answer);
    void delete_records();
    void tell_end();

    [[nodiscard]] const memory_log& log() const { return log_; }
    [[nodiscard]] const partition_replica* replica() const {
        return replica_ ? &*replica_ : nullptr;
    }

  private:
    friend class node_effects;

    struct wait {
        kafka::offset at;
        std::uint64_t value = 0;
        produce_answer answer;
    };

    // replica_node.cpp
    void die();
    void registration();
    void registered(broker_epoch epoch, const metadata_image& image);
    void beat();
    void tick();
    void learn(const metadata_image& image);
    /// Runs it in this process, when that is awake; never in a later one.
    void here(std::function<void()> what);
    void later(runtime::duration delay, std::function<void()> what);
    /// Runs it after the log operations before it.
    void on_log(std::function<void()> what);
    void sync();
    void flush_now_and_then();

    // replica_node_events.cpp
    void event(const std::function<void(effects&)>& what);
    void observe(replica_role before, bool was_open, bool was_shrinking);
    void receive_fetch(kafka::node_id from,
                       std::uint64_t process,
                       const replica_fetch& request,
                       fetch_number number);
    void receive_fetch_answer(fetch_answer answer, std::vector<stored_record> records);
    void receive_bounds_request(kafka::node_id from,
                                std::uint64_t process,
                                kafka::leader_epoch epoch,
                                fetch_number number);
    void note_fetch_error(kafka::error_code error);
    void repeat_record(produce_answer answer);
    void append_client_record(std::uint64_t value,
                              required_acks acks,
                              kafka::leader_epoch epoch,
                              produce_answer answer);

    world& world_;
    kafka::node_id id_;
    memory_log log_;
    kafka::offset checkpoint_{0};
    bool stopped_cleanly_ = true;
    metadata_image on_disk_;  ///< The metadata that it had learnt, for its next process to replay.
    bool is_up_ = false;
    bool had_power_loss_ = false;
    std::uint64_t process_ = 0;
    runtime::instant paused_until_{};

    // ---- Of one process.
    broker_epoch epoch_ = no_broker_epoch;
    std::optional<partition_replica> replica_;
    std::uint64_t seen_version_ = 0;
    runtime::instant last_heard_{};
    runtime::instant log_free_at_{};
    bool is_syncing_ = false;
    kafka::offset sync_target_{0};
    std::vector<stored_record> fetched_;
    std::map<ticket, wait> waits_;
    std::map<ticket, kafka::offset> deletions_;
    std::optional<stored_record> last_appended_;
    kafka::offset last_appended_at_{0};
    ticket last_ticket_{0};
    proposal_number last_sent_{0};
    int cuts_in_a_row_ = 0;
};

}  // namespace verdikt::broker::replication
