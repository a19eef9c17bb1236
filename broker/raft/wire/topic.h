/// The one partition that the quorum replicates, as messages name it.
#pragma once

#include "kafka/types.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace verdikt::broker::raft::wire {

inline constexpr std::string_view topic_name = kafka::metadata_log_topic;
inline constexpr std::int32_t topic_partition = 0;
/// The same in every cluster (KIP-516).
inline constexpr kafka::uuid topic_id{[] {
    std::array<std::byte, 16> bytes{};
    bytes.back() = std::byte{1};
    return bytes;
}()};

}  // namespace verdikt::broker::raft::wire
