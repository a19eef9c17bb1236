/// Every anomaly that a checker can report. Names are those of jepsen.tests.kafka and Elle where
/// they have one.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace verdikt::checker {

/// What is wrong, the worst first: findings are told in this order.
enum class harm : std::uint8_t {
    /// Data are gone, or were never made of what was taken as done.
    loss,
    /// They are torn or invented, or are not the same for everybody.
    content,
    /// They are all there, but twice, out of order, or seen by the wrong one or at the wrong time.
    order,
    /// Nothing is wrong with them; for a time nobody could have them.
    availability,
    /// None: nothing promises otherwise.
    none,
};

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
    harm does = harm::order;
};

/// Models of what only a whole run shows: no history is judged by them alone.
inline constexpr std::string_view availability_model = "availability";
inline constexpr std::string_view replicas_model = "replicas";

/// By model, then in the order in which documentation lists them.
[[nodiscard]] std::span<const anomaly_kind> all_anomalies();
/// Null if there is none of that name; without a model the first one of it.
[[nodiscard]] const anomaly_kind* find_anomaly(std::string_view name, std::string_view model = {});

}  // namespace verdikt::checker
