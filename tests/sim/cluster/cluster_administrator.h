/// A program that never leaves a cluster alone: it moves partitions and leaders, adds partitions,
/// deletes records and topics and makes them again, changes settings and voters, and looks.
#pragma once

#include "client/admin.h"
#include "runtime/environment.h"
#include "tests/sim/client_programs/consumed_history.h"
#include "tests/sim/client_programs/produced_history.h"
#include "tests/sim/cluster/cluster_machine.h"
#include "tests/sim/cluster/cluster_marks.h"
#include "tests/sim/cluster/cluster_watch.h"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace verdikt::tests {

/// Which topics it works on, and who is to hear of it.
struct administrator_plan {
    cluster_shape shape;
    std::string main = "t";           ///< Keeps all its replicas.
    std::string compacted = "keyed";  ///< Made by the administrator.
    std::string passing = "passing";  ///< Comes and goes.
    std::string group = "g";
    bool calm = false;  ///< The storm is over: leave the cluster fit to be judged, and end.
};

class cluster_administrator {
  public:
    /// All outlive it.
    cluster_administrator(const administrator_plan& plan,
                          const std::deque<cluster_machine>& machines,
                          const cluster_watch& watch,
                          produced_history& produced,
                          consumed_history& consumed,
                          cluster_marks& into)
        : plan_(plan),
          machines_(machines),
          watch_(watch),
          produced_(produced),
          consumed_(consumed),
          marks_(into) {}

    /// Which of its acts it likes, drawn once a seed.
    void draw_habits(runtime::random_source& random);
    /// One life, until it is calm or it is cancelled.
    runtime::awaitable<void> run(runtime::environment& world);

  private:
    enum class act : std::uint8_t {
        delete_records,
        move,
        cancel_moves,
        add_partitions,
        make_topic,
        delete_topic,
        change_setting,
        prefer_leaders,
        change_voters,
        look,
    };
    static constexpr std::size_t acts = static_cast<std::size_t>(act::look) + 1;

    runtime::awaitable<void> work(runtime::environment& world, client::admin& through);
    runtime::awaitable<void> leave_in_order(runtime::environment& world, client::admin& through);
    runtime::awaitable<void> perform(act which, runtime::environment& world, client::admin& on);
    runtime::awaitable<void> make_compacted_topic(client::admin& on);
    runtime::awaitable<void> delete_records(runtime::environment& world, client::admin& on);
    runtime::awaitable<void> move(runtime::environment& world, client::admin& on, bool cancel);
    runtime::awaitable<void> make_topic(runtime::environment& world, client::admin& on);
    runtime::awaitable<void> change_setting(runtime::environment& world, client::admin& on);
    runtime::awaitable<void> look(client::admin& on);
    [[nodiscard]] client::topic_partition draw_partition(runtime::random_source& random) const;
    [[nodiscard]] std::vector<std::int32_t> draw_replicas(runtime::random_source& random,
                                                          bool all) const;

    // cluster_administrator_voters.cpp
    runtime::awaitable<void> change_voters(runtime::environment& world);
    runtime::awaitable<void> remove_voter(runtime::environment& world, kafka::node_id which);
    runtime::awaitable<void> add_voter(runtime::environment& world, kafka::node_id which);
    template <typename Response, typename Request>
    runtime::awaitable<void> ask_controller(runtime::environment& world, Request what);
    /// Those of the configured ones that are none, as the active controller knows it.
    [[nodiscard]] std::optional<std::vector<kafka::node_id>> missing_voters() const;

    const administrator_plan& plan_;
    const std::deque<cluster_machine>& machines_;
    const cluster_watch& watch_;
    produced_history& produced_;
    consumed_history& consumed_;
    cluster_marks& marks_;
    std::array<std::uint64_t, acts> habits_{};
    std::map<kafka::node_id, kafka::uuid> directories_;  ///< Of voters that it has removed.
};

}  // namespace verdikt::tests
