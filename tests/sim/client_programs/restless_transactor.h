/// A program that writes transaction after transaction, life after life of its machine, and tells a
/// history how each ended. It may share its transactional id with another, and then both fence each
/// other for ever.
#pragma once

#include "client/producer.h"
#include "runtime/environment.h"
#include "tests/sim/client_programs/transaction_history.h"

#include <chrono>
#include <string>
#include <vector>

namespace verdikt::tests {

struct transactor_plan {
    std::string topic = "t";
    std::vector<std::string> servers{"broker:9092"};
    int partitions = 3;
    /// How likely it rests after a transaction, and how long at most.
    double rest_chance = 0.3;
    std::chrono::milliseconds rest_max{200};
    bool calm = false;  ///< The storm is over: end soon.
};

class restless_transactor {
  public:
    /// References outlive the transactor.
    restless_transactor(int index,
                        std::string transactional_id,
                        transactor_plan& plan,
                        transaction_history& history)
        : index_(index), id_(std::move(transactional_id)), plan_(plan), history_(history) {}

    /// One life, until it is calm or it is cancelled.
    runtime::awaitable<void> run(runtime::environment& world);

    [[nodiscard]] std::string group() const { return "group-" + std::to_string(index_); }

  private:
    enum class next { go_on, start_anew };

    [[nodiscard]] client::client_config draw_config(runtime::random_source& random) const;
    runtime::awaitable<void> live(runtime::environment& world, client::producer& through);
    runtime::awaitable<bool> write(runtime::environment& world,
                                   client::producer& through,
                                   transaction_name name);
    runtime::awaitable<next> act(runtime::environment& world, client::producer& through);
    runtime::awaitable<next> commit(client::producer& through, transaction_name name);
    runtime::awaitable<next> abort(client::producer& through, transaction_name name);

    int index_;
    std::string id_;
    transactor_plan& plan_;
    transaction_history& history_;
    int begun_ = 0;
};

}  // namespace verdikt::tests
