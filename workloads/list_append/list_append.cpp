#include "workloads/list_append/list_append.h"

#include "workloads/keyed_transactions/keyed_transactions.h"

#include <utility>

namespace verdikt::workloads {

std::unique_ptr<workload> make_list_append(runtime::environment& world,
                                           list_append_options plan,
                                           recorder& history) {
    return make_keyed_transactions(world,
                                   {.load = std::move(plan.load),
                                    .what = key_kind::list,
                                    .topic = "list-append",
                                    .writes_max = plan.appends_max},
                                   history);
}

}  // namespace verdikt::workloads
