/// A consumer group that has room for one member, and a coordinator whose manners the test decides.
///
/// It outlives the toy broker's process, as committed offsets do.
#pragma once

#include "client/group_protocol.h"
#include "kafka/api_keys.h"
#include "kafka/error_codes.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace verdikt::client {

struct toy_group {
    std::int32_t generation = 0;
    std::string member;  ///< Empty: nobody.
    std::map<std::int32_t, std::int64_t> committed;
    std::vector<std::int64_t> commits;  ///< Of partition 0, in the order of their coming.
    int joins = 0;
    int leaves = 0;
    bool rebalancing = false;  ///< Told to the member until it joins again.
    /// What the member is assigned, whatever it says itself as the leader.
    std::optional<std::set<kafka::topic_partition>> decree;

    /// The body of the answer. Nothing if the request is not about groups.
    std::optional<std::vector<std::byte>> carry_out(kafka::api_key key,
                                                    std::int16_t version,
                                                    std::span<const std::byte> body,
                                                    std::optional<kafka::error_code> refuse);

    /// The coordinator forgets the member, as when its session ends.
    void forget_member() { member.clear(); }

  private:
    [[nodiscard]] kafka::error_code check(const std::string& who, std::int32_t in) const;
    std::vector<std::byte> find(std::int16_t version, std::optional<kafka::error_code> refuse);
    std::vector<std::byte> join(std::int16_t version,
                                std::span<const std::byte> body,
                                std::optional<kafka::error_code> refuse);
    std::vector<std::byte> sync(std::int16_t version,
                                std::span<const std::byte> body,
                                std::optional<kafka::error_code> refuse);
    std::vector<std::byte> heartbeat(std::int16_t version,
                                     std::span<const std::byte> body,
                                     std::optional<kafka::error_code> refuse);
    std::vector<std::byte> leave(std::int16_t version, std::optional<kafka::error_code> refuse);
    std::vector<std::byte> commit(std::int16_t version,
                                  std::span<const std::byte> body,
                                  std::optional<kafka::error_code> refuse);
    std::vector<std::byte> fetch(std::int16_t version,
                                 std::span<const std::byte> body,
                                 std::optional<kafka::error_code> refuse);
};

}  // namespace verdikt::client
