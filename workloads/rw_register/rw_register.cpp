#include "workloads/rw_register/rw_register.h"

#include "workloads/keyed_transactions/keyed_transactions.h"

#include <utility>

namespace verdikt::workloads {

std::unique_ptr<workload> make_rw_register(runtime::environment& world,
                                           load_options load,
                                           recorder& history) {
    return make_keyed_transactions(
        world,
        {.load = std::move(load), .what = key_kind::newest, .topic = "rw-register"},
        history);
}

}  // namespace verdikt::workloads
