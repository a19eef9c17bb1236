/// Every anomaly that a checker can report. Names are those of jepsen.tests.kafka and Elle where
/// they have one.
#pragma once

#include <span>
#include <string_view>

namespace verdikt::checker {

struct anomaly_kind {
    std::string_view name;
    /// Which checker reports it, by the name of its model.
    std::string_view model;
    /// What was observed, exactly.
    std::string_view seen_when;
    /// What a system that shows it does not keep.
    std::string_view guarantee;
    /// The settings under which that is promised.
    std::string_view promised_when;
};

/// By model, then in the order in which documentation lists them.
[[nodiscard]] std::span<const anomaly_kind> all_anomalies();
/// Null if there is none of that name; without a model the first one of it.
[[nodiscard]] const anomaly_kind* find_anomaly(std::string_view name, std::string_view model = {});

}  // namespace verdikt::checker
