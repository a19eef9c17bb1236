#include "checker/report/disturbances.h"

namespace verdikt::checker::report {

std::vector<availability::disturbance> disturbances_of(const run& what) {
    std::vector<availability::disturbance> all;
    for (const fault_span& one : what.faults) {
        if (one.bit) all.push_back({.kind = one.kind, .from = one.from, .healed = one.to});
    }
    return all;
}

}  // namespace verdikt::checker::report
