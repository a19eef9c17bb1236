/// How an event reaches a hosted partition's state machine. For its own .cpp files.
#pragma once

#include "broker/replication/host/hosted_partition.h"

namespace verdikt::broker::replication::host {

template <typename Event>
void hosted_partition::event(Event what) {
    if (stopped_) return;
    effects wanted = std::exchange(effects_, {});
    what(wanted);
    carry_out_effects(wanted);
    effects_ = std::move(wanted);
}

}  // namespace verdikt::broker::replication::host
