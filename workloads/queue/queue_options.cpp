#include "workloads/queue/queue_options.h"

#include <fmt/format.h>

namespace verdikt::workloads {

std::vector<reading> queue_options::ways() const {
    if (load.sub_via == "assign") return {reading::assign};
    if (load.sub_via == "subscribe") return {reading::subscribe};
    return {reading::assign, reading::subscribe};
}

bool queue_options::is_transactional(std::size_t worker) const {
    return load.transactional() && (worker / ways().size()) % 2 == 1;
}

std::string queue_options::transactional_id(std::size_t worker) const {
    return fmt::format("{}-writer-{}", topic, worker);
}

}  // namespace verdikt::workloads
