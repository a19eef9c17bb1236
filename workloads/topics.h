/// Makes the topics of a workload, whatever the cluster is doing while it starts.
#pragma once

#include "client/admin.h"
#include "runtime/environment.h"
#include "workloads/load_options.h"

#include <expected>
#include <string>
#include <vector>

namespace verdikt::workloads {

/// A topic with as many partitions and replicas as the options say. `configs` go with it.
[[nodiscard]] client::new_topic topic_of(const load_options& load,
                                         std::string name,
                                         std::map<std::string, std::string> configs = {});

/// Until every partition of them is led and all its replicas are in sync. One that is there
/// already counts as made. The reason if the deadline comes first.
/// Requires: `load` outlives it.
runtime::awaitable<std::expected<void, std::string>> make_topics(
    runtime::environment& world,
    const load_options& load,
    std::vector<client::new_topic> topics,
    runtime::instant deadline);

}  // namespace verdikt::workloads
