/// How workloads configure the clients that they put on trial: as the options say, and impatient
/// enough to learn something within a short trial.
#pragma once

#include "client/configuration.h"
#include "workloads/load_options.h"

#include <string>

namespace verdikt::workloads {

/// For administration, and what the others begin with.
[[nodiscard]] client::client_config client_settings(const load_options& load, std::string name);
/// `transactional_id` may be empty. Requires: without transactions in `load` it is.
[[nodiscard]] client::client_config producer_settings(const load_options& load,
                                                      std::string name,
                                                      std::string transactional_id = {});
/// A member of the group; `group` may be empty for one that is assigned its partitions.
[[nodiscard]] client::client_config consumer_settings(const load_options& load,
                                                      std::string name,
                                                      std::string group = {});

}  // namespace verdikt::workloads
