/// A lab, and the clients of the workload as one of its hosts: they can be crashed, too.
#pragma once

#include "nemesis/lab.h"
#include "workloads/workload.h"

#include <memory>

namespace verdikt::trial {

/// Requires: both outlive it.
[[nodiscard]] std::unique_ptr<nemesis::lab> with_clients(nemesis::lab& where,
                                                         workloads::workload& clients);

}  // namespace verdikt::trial
