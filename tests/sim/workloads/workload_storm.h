/// A workload on a machine of its own against whole brokers in the simulated world, which break and
/// heal; then all is healed, and it reads everything back.
#pragma once

#include "broker/server/broker_config.h"
#include "runtime/notification.h"
#include "runtime/sim/world.h"
#include "workloads/recorder/recorder.h"
#include "workloads/workload.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::tests {

struct storm_form {
    std::uint64_t seed = 0;
    /// One: its own controller. Three: all of them are controllers.
    int brokers = 3;
    std::vector<std::pair<std::string, std::string>> settings = {};
    runtime::duration span = std::chrono::seconds(12);
    runtime::duration calm = std::chrono::seconds(3);
    /// How often all clients end at once.
    runtime::duration between_crashes = std::chrono::seconds(5);
};

class workload_storm {
  public:
    using maker = std::function<std::unique_ptr<workloads::workload>(
        runtime::environment& world, std::vector<std::string> servers, workloads::recorder&)>;

    workload_storm(storm_form form, maker make);
    workload_storm(const workload_storm&) = delete;
    workload_storm& operator=(const workload_storm&) = delete;
    ~workload_storm();

    void run();

    [[nodiscard]] const workloads::recorder& history() const { return history_; }
    /// The history, a line an operation.
    [[nodiscard]] const std::string& text() const { return lines_.text; }

  private:
    class kept_lines : public workloads::line_sink {
      public:
        void append(std::string_view line) override { text += line; }
        std::string text;
    };
    struct broker_machine {
        broker::server::broker_config config;
        runtime::notification stop;
        runtime::sim::node* machine = nullptr;
    };

    void add_broker(int number);
    runtime::awaitable<void> work(runtime::environment& world);
    runtime::awaitable<void> break_things();
    runtime::awaitable<void> crash_clients();

    storm_form form_;
    maker make_;
    kept_lines lines_;
    runtime::sim::world universe_;
    std::deque<broker_machine> brokers_;
    runtime::sim::node& clients_;
    workloads::recorder history_;
    runtime::instant faults_end_{};
    std::unique_ptr<workloads::workload> workload_;
};

}  // namespace verdikt::tests
