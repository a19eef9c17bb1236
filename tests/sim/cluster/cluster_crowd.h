/// The clients of a cluster in a storm, and what they were told: senders always; in some seeds the
/// members of a group, and programs that write transactions.
#pragma once

#include "runtime/sim/world.h"
#include "tests/sim/client_programs/consumed_history.h"
#include "tests/sim/client_programs/produced_history.h"
#include "tests/sim/client_programs/restless_consumer.h"
#include "tests/sim/client_programs/restless_sender.h"
#include "tests/sim/client_programs/restless_transactor.h"
#include "tests/sim/client_programs/transaction_history.h"
#include "tests/sim/client_programs/transaction_reader.h"
#include "tests/sim/cluster/cluster_marks.h"

#include <deque>
#include <string>
#include <vector>

namespace verdikt::tests {

class cluster_crowd {
  public:
    /// `universe` outlives it, and has ended before it is destroyed.
    explicit cluster_crowd(runtime::sim::world& universe);

    void start();
    /// Where they run, for faults to strike.
    [[nodiscard]] std::vector<runtime::sim::node*>& nodes() { return nodes_; }
    /// What the senders send to, and the group reads.
    [[nodiscard]] const std::string& topic() const { return topic_; }
    [[nodiscard]] produced_history& produced() { return produced_; }

    /// The storm is over: no new transactions; members stay where they are.
    void calm();
    /// Senders and transactors have ended.
    [[nodiscard]] bool is_done() const;
    void restart_the_dead();
    /// Reads everything, waits until the group has, and says what is wrong, one sentence each.
    /// Requires: calm, done, and a cluster that serves.
    runtime::awaitable<std::vector<std::string>> judge();
    void count(cluster_marks& into) const;

  private:
    void add(std::string name, runtime::sim::program program);
    void add_members();
    void add_transactors();
    runtime::awaitable<void> read(runtime::environment& world);
    runtime::awaitable<void> await_members();
    void judge_transactions(std::vector<std::string>& wrong) const;

    runtime::sim::world& universe_;
    const std::string topic_ = "t";
    produced_history produced_;
    consumed_history consumed_;
    transaction_history transactions_;
    consumer_plan members_plan_;
    transactor_plan transactors_plan_;
    std::deque<restless_sender> senders_;
    std::deque<restless_consumer> members_;
    std::deque<restless_transactor> transactors_;
    std::vector<runtime::sim::node*> nodes_;
    std::vector<runtime::sim::program> programs_;    ///< Of the nodes, in their order.
    std::vector<const runtime::sim::node*> ending_;  ///< Those whose programs end in the calm.
    runtime::sim::node& reader_;
    std::vector<found_record> found_;
    found_transactions found_transactions_;
};

}  // namespace verdikt::tests
