/// How the operations of the admin workload are written down.
#pragma once

#include "checker/history/datum.h"
#include "workloads/admin/broker_questions.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace verdikt::workloads {

/// A change of one topic. Of its configurations, those without a value are no longer set.
struct topic_change {
    std::string f;
    std::string topic;
    std::int32_t partitions = 0;  ///< Of create-topic and create-partitions.
    std::map<std::string, std::optional<std::string>> configs = {};
};

[[nodiscard]] checker::history::datum value_of(const topic_change& what);
[[nodiscard]] checker::history::datum value_of_question(kafka::node_id broker,
                                                        const std::set<std::string>& topics);
[[nodiscard]] checker::history::datum value_of_answer(kafka::node_id broker,
                                                      const topic_shapes& shapes);
[[nodiscard]] checker::history::datum value_of_answer(kafka::node_id broker,
                                                      const topic_configs& configs);

}  // namespace verdikt::workloads
