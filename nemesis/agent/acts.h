/// What an agent does to its node for each fault, and how it undoes it.
///
/// An act is one fault on one node. `apply` and `undo` are called once each, in that order, and
/// never at the same time. Evidence is gathered at the undoing, if there is nothing to see before.
#pragma once

#include "nemesis/agent/broker_process.h"
#include "nemesis/agent/protocol.h"
#include "runtime/real/world.h"

#include <expected>
#include <memory>
#include <optional>
#include <string>

namespace verdikt::nemesis::agent {

using act_result = std::expected<evidence, std::string>;

/// A node, as its acts see it. Outlives them.
struct host {
    runtime::real::world& world;
    host_setup setup;
    std::unique_ptr<broker_process> broker;  ///< None on the clients' host.
};

/// Two acts that use the same of these cannot be open at once on a node.
enum class exclusive { nothing, process, rate, latency, disk };

class act {
  public:
    virtual ~act() = default;
    [[nodiscard]] virtual exclusive uses() const { return exclusive::nothing; }
    virtual runtime::awaitable<act_result> apply() = 0;
    virtual runtime::awaitable<act_result> undo() = 0;
};

/// The reason if such an act makes no sense on this node. Requires: `on` outlives it.
[[nodiscard]] std::expected<std::unique_ptr<act>, std::string> make_act(act_id id,
                                                                        const node_fault& what,
                                                                        host& on);

}  // namespace verdikt::nemesis::agent
