/// Where the partitions end that are to be read at last.
#pragma once

#include "client/consumer.h"
#include "runtime/environment.h"
#include "workloads/load_options.h"

#include <map>

namespace verdikt::workloads {

/// For a consumer that only asks for ends. It is told high watermarks, whatever the options say:
/// the last stable offset may lie below what was committed long ago.
[[nodiscard]] client::client_config final_ends_settings(const load_options& load);

/// As the leaders tell after this is asked, so that all which was acknowledged before lies below.
/// Asks until all are told; nothing if they are not by then.
[[nodiscard]] runtime::awaitable<std::map<client::topic_partition, kafka::offset>> final_ends(
    runtime::environment& world,
    const load_options& load,
    client::partition_set partitions,
    runtime::instant deadline);

}  // namespace verdikt::workloads
