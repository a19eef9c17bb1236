/// One coordinator in a simulated node, its log in memory, and short words for its requests.
#pragma once

#include "broker/coordinator/group_coordinator.h"
#include "kafka/error_codes.h"
#include "tests/unit/coordinator/memory_coordinator_log.h"
#include "tests/unit/coordinator/node_fixture.h"

#include <memory>
#include <string>
#include <vector>

namespace verdikt::broker::coordinator {

using kafka::error_code;
using runtime::awaitable;

class coordinator_fixture : public node_fixture {
  protected:
    coordinator_fixture();
    ~coordinator_fixture() override;

    void open() override;
    awaitable<void> close() override;

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

    memory_coordinator_log log_;
    fixed_topics topics_{{{"topic", 4}}};
    coordinator_config config_;
    std::unique_ptr<group_coordinator> groups_;
};

}  // namespace verdikt::broker::coordinator
