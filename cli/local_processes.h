/// The broker processes of a local cluster: started together, watched, stopped together.
///
/// Requires: `stop` has returned before it is destroyed; from then on none of them runs.
#pragma once

#include "nemesis/labs/local_cluster.h"
#include "runtime/notification.h"
#include "runtime/real/child_process.h"
#include "runtime/real/world.h"
#include "runtime/scope.h"

#include <functional>
#include <list>

namespace verdikt::cli {

class local_processes {
  public:
    /// `ended` hears of every node that ends before it was asked to.
    using notice = std::function<void(const nemesis::labs::local_node& node,
                                      const runtime::real::process_end& end)>;

    local_processes(runtime::real::world& world, notice ended)
        : world_(world), ended_(std::move(ended)), watching_(world.get_executor()) {}

    /// Runs this very program as the broker of each node, whose folder is made where it is missing.
    /// Throws if a file or a process cannot be made.
    void start(const nemesis::labs::local_cluster& cluster);

    [[nodiscard]] std::size_t running() const;
    /// Rung each time that a node ends.
    [[nodiscard]] runtime::notification& changed() { return changed_; }

    /// Asks all to end, returns once they have. Cancel it to wait no longer; then `kill`.
    runtime::awaitable<void> ask_to_end();
    runtime::awaitable<void> kill();

  private:
    struct node_process {
        node_process(nemesis::labs::local_node of,
                     const runtime::executor& loop,
                     const runtime::real::program_call& call)
            : node(std::move(of)), process(loop, call) {}

        nemesis::labs::local_node node;
        runtime::real::child_process process;
    };

    runtime::awaitable<void> watch(node_process& running);

    runtime::real::world& world_;
    notice ended_;
    bool ending_ = false;
    std::list<node_process> nodes_;
    runtime::notification changed_;
    runtime::scope watching_;
};

}  // namespace verdikt::cli
