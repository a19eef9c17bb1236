/// What the replicas' logs were found to be, as `results.json` has it.
#pragma once

#include "checker/replica_logs/replica_logs.h"

#include <nlohmann/json.hpp>

#include <optional>

namespace verdikt::checker::report {

/// Null if nobody looked.
[[nodiscard]] nlohmann::ordered_json replicas_as_json(
    const std::optional<replica_logs::comparison>& what);

/// Reads what `replicas_as_json` wrote; what is missing is as if it had been empty. Throws a
/// nlohmann::json::exception if something is of a wrong kind.
[[nodiscard]] std::optional<replica_logs::comparison> replicas_from(
    const nlohmann::ordered_json& told);

}  // namespace verdikt::checker::report
