/// A program of the simulated world: a log directory, the quorum's host over real links, a server
/// for its requests, and a state machine that uses it.
///
/// Each life is one `run`. It ends when it is killed, or when the replica fails, as a real node
/// would give up then.
#pragma once

#include "broker/link/node_links.h"
#include "broker/quorum/quorum_host.h"
#include "runtime/environment.h"
#include "tests/request_server/request_server.h"
#include "tests/sim/quorum/state_machine.h"

#include <memory>
#include <string>

namespace verdikt::tests {

inline constexpr std::uint16_t controller_port = 9093;

[[nodiscard]] std::string host_name(int node);

struct node_form {
    int number = 0;
    bool may_vote = true;
    raft::voter_set voters;
};

class quorum_node {
  public:
    quorum_node(node_form form, judge& judged, quorum_counts& counts)
        : form_(std::move(form)), judge_(judged), counts_(counts) {}

    /// Runs until it is cancelled or fails.
    runtime::awaitable<void> run(runtime::environment& world);

    /// Mean time between two appends of a leader, and between two snapshots. Zero: none.
    runtime::duration append_interval{};
    runtime::duration snapshot_interval{};

    /// Null while it is down or starting.
    [[nodiscard]] broker::quorum::quorum_host* host() const { return host_; }
    [[nodiscard]] bool leads() const { return machine_ != nullptr && machine_->leading(); }
    [[nodiscard]] const node_form& form() const { return form_; }
    /// Looks at the core, as one does between two events.
    void probe();

  private:
    class life;

    node_form form_;
    judge& judge_;
    quorum_counts& counts_;
    broker::quorum::quorum_host* host_ = nullptr;
    state_machine* machine_ = nullptr;
    raft::offset log_end_;
    std::uint64_t last_value_ = 0;
};

}  // namespace verdikt::tests
