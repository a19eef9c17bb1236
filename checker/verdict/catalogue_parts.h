/// The catalogue, a file each model: `all_anomalies` puts them together.
#pragma once

#include "checker/verdict/catalogue.h"

#include <span>

namespace verdikt::checker {

[[nodiscard]] std::span<const anomaly_kind> exactly_once_anomalies();
[[nodiscard]] std::span<const anomaly_kind> group_anomalies();
[[nodiscard]] std::span<const anomaly_kind> cluster_anomalies();

/// What those of transactions have for a model: two checkers report them.
inline constexpr std::string_view transactions_model = "list-append|rw-register";
[[nodiscard]] std::span<const anomaly_kind> transaction_anomalies();

}  // namespace verdikt::checker
