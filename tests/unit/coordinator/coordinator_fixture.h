/// One coordinator in a simulated node, its log in memory, and short words for its requests.
#pragma once

#include "broker/coordinator/group_coordinator.h"
#include "kafka/error_codes.h"
#include "runtime/scope.h"
#include "runtime/sim/world.h"
#include "tests/unit/coordinator/memory_coordinator_log.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace verdikt::broker::coordinator {

using kafka::error_code;
using runtime::awaitable;

class coordinator_fixture : public testing::Test {
  protected:
    coordinator_fixture();
    ~coordinator_fixture() override;

    /// Runs the test's coroutine in the simulated world, the coordinator serving, and stops it.
    void run(std::function<awaitable<void>()> body);

    /// Serves every partition from what the log holds.
    void open();
    awaitable<void> close();
    awaitable<void> reopen();

    [[nodiscard]] runtime::environment& world() { return node_.current(); }
    [[nodiscard]] request_origin version(std::int16_t number) const {
        return {.version = number, .client_id = "client", .client_host = "/10.0.0.1"};
    }

    awaitable<messages::join_group_response> join(std::string member_id = "",
                                                  std::int16_t request_version = 3,
                                                  std::string group = "group");
    awaitable<messages::sync_group_response> sync(std::string member_id,
                                                  std::int32_t generation,
                                                  std::vector<std::string> assign_to = {});
    awaitable<error_code> heartbeat(std::string member_id, std::int32_t generation);
    awaitable<error_code> commit(std::int32_t partition,
                                 std::int64_t offset,
                                 std::string member_id = "",
                                 std::int32_t generation = -1);
    /// -1 where nothing was committed.
    awaitable<std::int64_t> committed(std::int32_t partition, std::string group = "group");
    /// A member alone in a stable group.
    awaitable<messages::join_group_response> become_only_member();
    awaitable<std::string> state_of(std::string group);

    /// Starts something and goes on without waiting for it.
    void aside(awaitable<void> work) { asides_.spawn(std::move(work)); }
    awaitable<void> asides_done() { return asides_.join(); }

    runtime::sim::world universe_{1};
    runtime::sim::node& node_;
    memory_coordinator_log log_;
    fixed_topics topics_{{{"topic", 4}}};
    coordinator_config config_;
    std::unique_ptr<group_coordinator> groups_;
    runtime::scope asides_{universe_.get_executor()};
};

}  // namespace verdikt::broker::coordinator
