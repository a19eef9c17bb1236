/// Under which name and epoch an idempotent or transactional producer writes (KIP-98).
#pragma once

#include "kafka/types.h"

namespace verdikt::client {

struct producer_identity {
    kafka::producer_id id = kafka::no_producer_id;
    kafka::producer_epoch epoch = kafka::no_producer_epoch;

    [[nodiscard]] bool valid() const { return id >= kafka::producer_id(0); }
    bool operator==(const producer_identity&) const = default;
};

}  // namespace verdikt::client
