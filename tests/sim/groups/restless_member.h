/// A member of a group as clients are, and worse: it joins, is assigned partitions, commits, falls
/// silent, leaves, comes back under its old id, and tells a history all that it is told.
#pragma once

#include "broker/coordinator/group_coordinator.h"
#include "kafka/error_codes.h"
#include "runtime/environment.h"
#include "tests/sim/groups/group_history.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::tests {

inline constexpr std::int32_t topic_partitions = 4;
inline const std::string group_name = "restless";
inline const std::string topic_name = "topic";

class restless_member {
  public:
    /// A static member has an instance id. References outlive the member.
    restless_member(group_history& history, std::optional<std::string> instance_id)
        : history_(history), instance_id_(std::move(instance_id)) {}

    /// One life of the process, until it is cancelled. `calm` members do what they are told and
    /// stay.
    runtime::awaitable<void> run(runtime::environment& world,
                                 broker::coordinator::group_coordinator& groups,
                                 bool calm);

  private:
    using error_code = kafka::error_code;

    struct life {
        runtime::environment& world;
        broker::coordinator::group_coordinator& groups;
        bool calm;
    };

    runtime::awaitable<bool> join(life& in);
    runtime::awaitable<bool> sync(life& in, const kafka::messages::join_group_response& joined);
    runtime::awaitable<void> stay(life& in);
    runtime::awaitable<error_code> heartbeat(life& in);
    runtime::awaitable<bool> commit_further(life& in, std::int32_t partition);
    runtime::awaitable<void> fall_silent_or_leave(life& in);
    [[nodiscard]] broker::coordinator::request_origin origin(std::int16_t version) const;
    void forget_membership_on(error_code error);

    group_history& history_;
    std::optional<std::string> instance_id_;
    std::string member_id_;
    std::int32_t generation_ = -1;
    std::vector<std::int32_t> owned_;
};

}  // namespace verdikt::tests
