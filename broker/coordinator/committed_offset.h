/// How far a group has come in one partition, as it was committed.
#pragma once

#include "kafka/types.h"

#include <optional>
#include <string>

namespace verdikt::broker::coordinator {

struct committed_offset {
    kafka::offset at;
    kafka::leader_epoch epoch = kafka::no_leader_epoch;
    std::string metadata = {};
    kafka::timestamp committed{0};
    /// Set by clients that ask for a retention of their own (OffsetCommit 2 to 4).
    std::optional<kafka::timestamp> expires = {};

    bool operator==(const committed_offset&) const = default;
};

}  // namespace verdikt::broker::coordinator
