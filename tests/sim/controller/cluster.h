/// Nodes of the simulated world with a `node_process` each, and somebody who administers them.
#pragma once

#include "broker/link/node_links.h"
#include "runtime/sim/world.h"
#include "tests/sim/controller/node_process.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace verdikt::tests {

class cluster {
  public:
    /// `universe` outlives it; to be ended before it dies.
    cluster(runtime::sim::world& universe, node_settings settings);
    cluster(const cluster&) = delete;
    cluster& operator=(const cluster&) = delete;

    void start();

    [[nodiscard]] const std::vector<runtime::sim::node*>& nodes() const { return nodes_; }
    [[nodiscard]] runtime::sim::node& node(kafka::node_id which) const {
        return *nodes_.at(static_cast<std::size_t>(which.value() - 1));
    }
    /// Null while it does not run or has not started.
    [[nodiscard]] node_process* process(kafka::node_id which) const;
    [[nodiscard]] std::vector<node_process*> processes() const;
    /// The one that is active in the latest epoch; -1 if none is.
    [[nodiscard]] kafka::node_id active_controller() const;

    /// All nodes run, are active in the cluster, and hold the same image, up to the same offset.
    [[nodiscard]] bool is_settled() const;
    /// Waits for that in world time; false if it does not come within `patience`.
    runtime::awaitable<bool> settle(runtime::duration patience);
    /// Aborts if an invariant does not hold somewhere.
    void check_invariants() const;

  private:
    runtime::awaitable<void> run(runtime::environment& world, kafka::node_id self);

    runtime::sim::world& universe_;
    node_settings settings_;
    std::vector<runtime::sim::node*> nodes_;
    std::map<kafka::node_id, node_process*> running_;
};

/// Asks one node after another until one that is the active controller answers.
class administrator {
  public:
    administrator(runtime::environment& world, std::int32_t nodes);

    /// What became of one request.
    enum class outcome {
        done,
        refused,  ///< Certainly not done.
        unknown,
    };

    /// Until `deadline`, at the same or another node; repeats only what was certainly not sent, or
    /// was answered with NOT_CONTROLLER.
    runtime::awaitable<outcome> create_topic(std::string name, runtime::instant deadline);
    runtime::awaitable<outcome> delete_topic(std::string name, runtime::instant deadline);
    /// Whether the last request was sent more than once, and attempts before the last may still be
    /// carried out.
    [[nodiscard]] bool has_attempts_in_doubt() const { return may_be_done_; }
    runtime::awaitable<void> stop() { return links_.stop(); }

  private:
    template <typename Response, typename Request>
    runtime::awaitable<std::optional<Response>> ask(Request request, runtime::instant deadline);
    [[nodiscard]] outcome judge(std::optional<std::int16_t> error,
                                kafka::error_code means_done) const;

    runtime::environment& world_;
    std::int32_t nodes_;
    broker::link::node_links links_;
    std::int32_t next_ = 0;
    bool may_be_done_ = false;  ///< By an attempt whose answer was lost.
};

}  // namespace verdikt::tests
