/// The broker's keys by subject; `broker_keys()` of config_key.h joins them.
#pragma once

#include "broker/server/config_key.h"

namespace verdikt::broker::server {

[[nodiscard]] std::span<const config_key> identity_and_network_keys();
[[nodiscard]] std::span<const config_key> cluster_keys();
[[nodiscard]] std::span<const config_key> log_keys();
[[nodiscard]] std::span<const config_key> coordinator_keys();
[[nodiscard]] std::span<const config_key> transaction_keys();
[[nodiscard]] std::span<const config_key> compatibility_keys();

}  // namespace verdikt::broker::server
