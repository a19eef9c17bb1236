/// A program that reads as a member of a group, processes, commits, dawdles, leaves and comes back,
/// life after life of its machine, and tells a history.
#pragma once

#include "client/configuration.h"
#include "client/consumer.h"
#include "runtime/environment.h"
#include "tests/sim/client_programs/consumed_history.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::tests {

/// Shared by all members of a group.
struct consumer_plan {
    std::string topic = "t";
    std::string group = "g";
    std::vector<std::string> servers{"broker:9092"};
    std::vector<std::string> assignors{"range", "cooperative-sticky"};
    bool commits_itself = true;  ///< Or else commits are automatic.
    bool calm = false;           ///< Members stay, and do as they should.
    bool over = false;           ///< They go home.
};

class restless_consumer final : public client::rebalance_listener {
  public:
    /// References outlive it. A static member has an instance id.
    restless_consumer(const consumer_plan& plan, consumed_history& history, std::string instance_id)
        : plan_(plan), history_(history), instance_id_(std::move(instance_id)) {}

    /// One life, until it is over, it is cancelled or it leaves the group.
    runtime::awaitable<void> run(runtime::environment& world);

    runtime::awaitable<void> on_assigned(client::partition_set partitions) override;
    runtime::awaitable<void> on_revoked(client::partition_set partitions) override;
    runtime::awaitable<void> on_lost(client::partition_set partitions) override;

  private:
    [[nodiscard]] client::client_config draw_config(runtime::random_source& random) const;
    runtime::awaitable<void> consume(runtime::environment& world, client::consumer& from);
    runtime::awaitable<bool> poll_once(runtime::environment& world, client::consumer& from);
    runtime::awaitable<void> commit(client::consumer& through);
    void process(const client::consumed_record& record);

    const consumer_plan& plan_;
    consumed_history& history_;
    std::string instance_id_;
    runtime::environment* world_ = nullptr;  ///< Of this life, as the next.
    client::consumer* reading_ = nullptr;
    std::map<client::topic_partition, kafka::offset> next_;  ///< Of what it owns and has read from.
};

}  // namespace verdikt::tests
