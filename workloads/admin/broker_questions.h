/// What one broker says of topics, asked of that broker, once.
///
/// The client's admin asks whom it likes and asks again until somebody answers; here a question has
/// one answer by one broker, from what that broker knows at that moment, or none.
#pragma once

#include "client/cluster.h"
#include "runtime/environment.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::workloads {

/// Those whose values are looked at.
[[nodiscard]] const std::vector<std::string>& watched_configs();

/// Partitions of each topic; nothing where there is no such topic. Topics of which the broker could
/// not say are missing.
using topic_shapes = std::map<std::string, std::optional<std::int32_t>>;
/// What is set on each topic itself.
using topic_configs =
    std::map<std::string, std::optional<std::map<std::string, std::optional<std::string>>>>;

/// Requires of both: `through` is started and outlives it.
runtime::awaitable<client::result<topic_shapes>> ask_for_shapes(client::cluster& through,
                                                                kafka::node_id broker,
                                                                std::set<std::string> topics,
                                                                runtime::instant deadline);
runtime::awaitable<client::result<topic_configs>> ask_for_configs(client::cluster& through,
                                                                  kafka::node_id broker,
                                                                  std::set<std::string> topics,
                                                                  runtime::instant deadline);

}  // namespace verdikt::workloads
