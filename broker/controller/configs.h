/// Settings of topics, brokers and groups, changed while the cluster runs.
#pragma once

#include "broker/controller/config_rules.h"
#include "broker/controller/draft.h"
#include "kafka/messages/alter_configs.h"
#include "kafka/messages/incremental_alter_configs.h"

namespace verdikt::broker::controller {

/// Sets, removes, appends and subtracts (KIP-339). The edits of one resource are carried out
/// together or not at all. 3 no such topic, 40 bad setting, 42 an edit that makes no sense.
[[nodiscard]] kafka::messages::incremental_alter_configs_response incremental_alter_configs(
    draft& into,
    const config_rules& rules,
    const kafka::messages::incremental_alter_configs_request& request);

/// Replaces all settings of each resource: what the request does not name is forgotten.
[[nodiscard]] kafka::messages::alter_configs_response alter_configs(
    draft& into, const config_rules& rules, const kafka::messages::alter_configs_request& request);

}  // namespace verdikt::broker::controller
