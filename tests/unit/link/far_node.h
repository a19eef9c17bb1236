/// The node that calls go to, and where it listens.
#pragma once

#include "kafka/types.h"

#include <cstdint>

namespace verdikt::broker::link {

constexpr kafka::node_id far_node{2};
constexpr std::uint16_t server_port = 9092;

}  // namespace verdikt::broker::link
