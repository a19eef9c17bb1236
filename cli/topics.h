/// What the acts of `verdikt topics` share.
#pragma once

#include "cli/tool.h"
#include "client/admin.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace verdikt::cli {

struct topics_options {
    cluster_flags cluster;
    bool create = false;
    bool list = false;
    bool describe = false;
    bool alter = false;
    bool remove = false;
    std::string topic;
    std::int32_t partitions = -1;
    std::int16_t replication_factor = -1;
    std::string replica_assignment;
    std::vector<std::string> configs;
    bool if_exists = false;
    bool if_not_exists = false;
    bool exclude_internal = false;
    bool with_overrides = false;
    bool under_replicated = false;
    bool unavailable = false;
    bool under_min_isr = false;
    bool at_min_isr = false;

    [[nodiscard]] bool only_some_partitions() const {
        return under_replicated || unavailable || under_min_isr || at_min_isr;
    }
};

/// The topics that `--topic` (a name or a regular expression) chooses; all without it.
runtime::awaitable<std::set<std::string>> chosen_topics(client::admin& admin,
                                                        const topics_options& options);

runtime::awaitable<int> describe_topics(client::admin& admin, const topics_options& options);

}  // namespace verdikt::cli
