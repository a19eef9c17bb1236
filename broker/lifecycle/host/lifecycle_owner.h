/// Who runs a broker process, and hears how it stands with the controller.
#pragma once

#include "broker/lifecycle/broker_lifecycle.h"
#include "kafka/types.h"

namespace verdikt::broker::lifecycle::host {

class lifecycle_owner {
  public:
    virtual ~lifecycle_owner() = default;

    /// After every change of either; the epoch is -1 while the process is not registered. With
    /// `replaced` or `refused` the process must serve no more; `refusal()` of the host says why.
    virtual void standing_changed(standing now, kafka::broker_epoch epoch) = 0;
    /// Whether a controller answered our heartbeats lately. A leader that cannot reach one must not
    /// go on as if its in-sync set could be changed. True at first.
    virtual void controller_reachable(bool reachable) = 0;
};

}  // namespace verdikt::broker::lifecycle::host
