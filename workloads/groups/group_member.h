/// One process that is a member of the group, from its subscription to its end.
///
/// It ends when it leaves, crashes, or meets an outcome that it cannot know.
#pragma once

#include "client/consumer.h"
#include "runtime/environment.h"
#include "workloads/groups/groups.h"
#include "workloads/recorder/recorder.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace verdikt::workloads {

class group_member final : public client::rebalance_listener {
  public:
    /// References outlive it. `instance` is empty for one that is not static.
    group_member(runtime::environment& world,
                 const groups_options& plan,
                 recorder& history,
                 std::string instance,
                 runtime::random_source random);

    /// Comes and goes as the plan says.
    runtime::awaitable<void> live(runtime::instant until);
    /// Takes all partitions, looks at what is committed, and leaves.
    runtime::awaitable<void> look_at_all(runtime::instant deadline);

    runtime::awaitable<void> on_assigned(client::partition_set partitions) override;
    runtime::awaitable<void> on_revoked(client::partition_set partitions) override;
    runtime::awaitable<void> on_lost(client::partition_set partitions) override;

  private:
    using datum = checker::history::datum;
    using op_type = checker::history::op_type;

    /// What the listener was told.
    struct change {
        std::string_view event;
        std::int64_t at = 0;
        std::int32_t generation = -1;
        std::vector<std::int32_t> keys;
    };

    [[nodiscard]] client::client_config settings() const;
    [[nodiscard]] bool subscribe();
    runtime::awaitable<void> act(runtime::instant until);
    runtime::awaitable<bool> act_once();
    runtime::awaitable<void> act_at_the_end(runtime::instant deadline);
    runtime::awaitable<bool> poll();
    runtime::awaitable<bool> commit();
    runtime::awaitable<bool> look();
    runtime::awaitable<void> leave();
    void note(std::string_view event, const client::partition_set& partitions);
    void show_changes();
    [[nodiscard]] client::partition_set all_partitions() const;
    [[nodiscard]] double chance_now(double chance) const;

    runtime::environment& world_;
    const groups_options& plan_;
    recorder& history_;
    std::string instance_;
    runtime::random_source random_;
    std::int64_t process_ = -1;
    client::consumer reader_;
    /// The poll that is under way: the listener is called within it.
    open_operation* polling_ = nullptr;
    std::vector<change> changes_;
    /// Of what it owns and has read of: what to commit.
    std::map<std::int32_t, std::int64_t> next_;
};

}  // namespace verdikt::workloads
