/// The coroutines behind `consumer`: they carry requests and answers between the pure parts
/// (positions, group membership, fetched records) and the brokers.
#pragma once

#include "client/assignors.h"
#include "client/cluster.h"
#include "client/consumer.h"
#include "client/fetched_partition.h"
#include "client/group_membership.h"
#include "client/offset_commits.h"
#include "client/positions.h"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace verdikt::client {

class consumer_core {
  public:
    consumer_core(runtime::environment& world, client_config config);

    result<void> assign(partition_set partitions);
    result<void> subscribe(std::set<std::string> topics, rebalance_listener* listener);
    runtime::awaitable<void> unsubscribe();
    runtime::awaitable<result<consumed_records>> poll(runtime::duration timeout);
    runtime::awaitable<result<void>> commit(offset_map offsets, runtime::instant deadline);
    runtime::awaitable<result<offset_map>> committed(partition_set partitions,
                                                     runtime::instant deadline);
    runtime::awaitable<result<kafka::offset>> position(topic_partition which);
    runtime::awaitable<result<void>> close(runtime::duration timeout);
    runtime::awaitable<void> stop();

    [[nodiscard]] runtime::instant api_deadline() const;
    [[nodiscard]] bool read_committed() const {
        return config_.isolation_level == "read_committed";
    }
    /// invalid_argument if one of them is not assigned.
    [[nodiscard]] result<void> require_assigned(const partition_set& partitions) const;
    [[nodiscard]] const group_membership& membership() const { return membership_; }
    void start();
    void wake();

  private:
    client_config config_;  // Declared first: `brokers` refers to it.

  public:
    cluster brokers;
    positions where;

  private:
    // consumer_core.cpp: polling and closing.
    runtime::awaitable<result<void>> part(runtime::instant deadline);
    [[nodiscard]] std::optional<error> take_error();
    result<consumed_records> take_records();
    void note_error(error what);

    // consumer_group.cpp: membership.
    runtime::awaitable<void> tell_news();
    runtime::awaitable<void> serve_group();
    runtime::awaitable<void> send_group_request(group_membership::request what);
    runtime::awaitable<std::optional<call_failure>> join(kafka::node_id coordinator);
    runtime::awaitable<std::optional<call_failure>> sync(kafka::node_id coordinator);
    runtime::awaitable<std::optional<call_failure>> heartbeat(kafka::node_id coordinator);
    runtime::awaitable<std::optional<call_failure>> leave(kafka::node_id coordinator);
    runtime::awaitable<partition_counts> count_partitions(std::set<std::string> topics);
    void take_refusal(group_membership::request what,
                      kafka::error_code code,
                      std::string member_id);
    void watch_partition_counts();
    [[nodiscard]] std::optional<std::string> instance_id() const;

    // consumer_commit.cpp.
    runtime::awaitable<void> commit_in_background(offset_map offsets);
    runtime::awaitable<result<void>> commit_once(offset_map offsets, runtime::instant deadline);
    void commit_if_due();

    // consumer_fetch.cpp: positions and records.
    void begin_background_work();
    runtime::awaitable<void> find_positions();
    runtime::awaitable<void> find_committed();
    runtime::awaitable<void> find_resets();
    runtime::awaitable<void> validate();
    void follow_leaders();
    void start_fetches();
    runtime::awaitable<void> fetch(kafka::node_id node,
                                   kafka::messages::fetch_request request,
                                   std::map<topic_partition, partition_position> asked);
    void take_partition(const topic_partition& which,
                        const partition_position& asked,
                        const kafka::messages::fetch_response::partition_data& data,
                        const answer_bytes& answer);
    [[nodiscard]] bool is_buffered(const topic_partition& which) const;

    runtime::environment& world_;
    group_membership membership_;
    rebalance_listener* listener_ = nullptr;
    bool subscribed_ = false;
    bool started_ = false;
    bool closed_ = false;
    bool dirty_ = false;
    runtime::notification changed_;
    std::deque<error> errors_;  ///< Found in the background, for the next polls.
    std::deque<fetched_partition> buffered_;
    std::set<kafka::node_id> fetching_;
    std::map<kafka::node_id, runtime::instant> fetch_not_before_;
    bool finding_positions_ = false;
    runtime::instant next_auto_commit_{};
    std::vector<assigned_member> members_;   ///< Of the generation that this member leads.
    std::set<std::string> assigned_topics_;  ///< Wanted by any of them at the last assignment.
    partition_counts assigned_counts_;       ///< What of those there was.
    runtime::scope running_;
};

}  // namespace verdikt::client
