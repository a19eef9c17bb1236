/// The clients of a cluster in a storm, and what they were told: senders and an administrator
/// always; in some seeds the members of a group, and programs that write transactions.
#pragma once

#include "client/admin.h"
#include "runtime/sim/world.h"
#include "tests/sim/client_programs/consumed_history.h"
#include "tests/sim/client_programs/produced_history.h"
#include "tests/sim/client_programs/restless_consumer.h"
#include "tests/sim/client_programs/restless_sender.h"
#include "tests/sim/client_programs/restless_transactor.h"
#include "tests/sim/client_programs/transaction_history.h"
#include "tests/sim/client_programs/transaction_reader.h"
#include "tests/sim/cluster/cluster_administrator.h"
#include "tests/sim/cluster/cluster_marks.h"
#include "tests/sim/cluster/cluster_watch.h"
#include "tests/sim/cluster/committed_content.h"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace verdikt::tests {

class cluster_crowd {
  public:
    /// All outlive it; `universe` has ended before it is destroyed.
    cluster_crowd(runtime::sim::world& universe,
                  const cluster_shape& shape,
                  const std::deque<cluster_machine>& machines,
                  cluster_watch& watch,
                  cluster_marks& into);

    void start();
    /// Where they run, for faults to strike.
    [[nodiscard]] std::vector<runtime::sim::node*>& nodes() { return nodes_; }
    /// What the senders send to, and the group reads.
    [[nodiscard]] const std::string& topic() const { return plan_.main; }
    [[nodiscard]] produced_history& produced() { return produced_; }

    /// The storm is over: nothing new is sent, no transaction begun; members stay where they are.
    void calm();
    /// All but the members have ended.
    [[nodiscard]] bool is_done() const;
    void restart_the_dead();
    /// Reads everything, waits until the group has, and says what is wrong, one sentence each.
    /// Requires: calm, done, and a cluster that serves.
    runtime::awaitable<std::vector<std::string>> judge();
    /// Whether the reader of committed records was shown what the logs say to be committed.
    [[nodiscard]] std::vector<std::string> compare_transactions(
        const std::map<kafka::topic_partition, std::vector<committed_record>>& in_logs) const;
    [[nodiscard]] const std::string& transactions_topic() const { return transactors_plan_.topic; }
    void count();

  private:
    void add(std::string name, runtime::sim::program program);
    void add_senders();
    void add_members();
    void add_transactors();
    runtime::awaitable<void> read(runtime::environment& world);
    runtime::awaitable<void> look_at_commits(client::admin& on);
    runtime::awaitable<void> await_members();
    void judge_senders(std::vector<std::string>& wrong) const;
    void judge_transactions(std::vector<std::string>& wrong) const;
    [[nodiscard]] bool may_lose_what_passes() const;

    runtime::sim::world& universe_;
    cluster_watch& watch_;
    cluster_marks& marks_;
    administrator_plan plan_;
    bool enough_ = false;
    produced_history produced_;
    produced_history compacted_;
    produced_history passing_;
    consumed_history consumed_;
    transaction_history transactions_;
    consumer_plan members_plan_;
    transactor_plan transactors_plan_;
    std::deque<restless_sender> senders_;
    std::deque<restless_consumer> members_;
    std::deque<restless_transactor> transactors_;
    cluster_administrator administrator_;
    std::vector<runtime::sim::node*> nodes_;
    std::vector<runtime::sim::program> programs_;    ///< Of the nodes, in their order.
    std::vector<const runtime::sim::node*> ending_;  ///< Those whose programs end in the calm.
    runtime::sim::node& reader_;
    std::vector<found_record> found_;
    std::vector<found_record> found_compacted_;
    std::vector<found_record> found_passing_;
    found_transactions found_transactions_;
};

}  // namespace verdikt::tests
