/// A program that sends numbered records and tells a history what became of each, life after life
/// of its machine.
#pragma once

#include "client/configuration.h"
#include "client/producer.h"
#include "runtime/environment.h"
#include "tests/sim/client_programs/produced_history.h"

#include <chrono>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::tests {

struct sender_plan {
    bool idempotent = true;
    std::string acks = "all";
    int records = 150;  ///< Of all lives together.
    /// Set from outside: nothing more is sent.
    const bool* enough = nullptr;
    /// Now and then it rests for up to so long.
    std::chrono::milliseconds rest_max{200};
    /// If not 0, record n has key n % `keys`; else some have keys of their own.
    int keys = 0;
    std::string topic = "t";
    std::vector<std::string> servers{"broker:9092"};
};

class restless_sender {
  public:
    /// References outlive the sender.
    restless_sender(int index, sender_plan plan, produced_history& history)
        : index_(index), plan_(std::move(plan)), history_(history) {}

    /// One life, until all is sent or it is cancelled.
    runtime::awaitable<void> run(runtime::environment& world);
    /// A life that begins now has nothing left to send.
    [[nodiscard]] bool all_sent() const {
        return sent_ == plan_.records || (plan_.enough != nullptr && *plan_.enough);
    }

  private:
    using waiting = std::deque<std::pair<record_name, client::pending_delivery>>;

    [[nodiscard]] client::client_config draw_config(runtime::random_source& random) const;
    runtime::awaitable<void> send_all(runtime::environment& world, client::producer& through);
    runtime::awaitable<void> send_next(runtime::environment& world,
                                       client::producer& through,
                                       waiting& pending);
    [[nodiscard]] std::string draw_key(runtime::random_source& random,
                                       const record_name& name) const;
    void note_done(waiting& pending);

    int index_;
    sender_plan plan_;
    produced_history& history_;
    int life_ = 0;
    int sent_ = 0;
};

}  // namespace verdikt::tests
