/// `verdikt consumer-groups`, in three parts: what the flags ask for, showing, and changing
/// offsets.
#pragma once

#include "cli/offset_reset.h"
#include "cli/tool.h"
#include "client/admin.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace verdikt::cli {

struct consumer_groups_options {
    cluster_flags cluster;

    bool list = false;
    bool describe = false;
    bool remove = false;
    bool delete_offsets = false;
    bool reset_offsets = false;

    std::vector<std::string> groups;
    bool all_groups = false;
    std::vector<std::string> topics;
    bool all_topics = false;

    bool members = false;
    bool offsets = false;
    bool state = false;
    bool verbose = false;

    bool execute = false;
    bool dry_run = false;
    bool export_csv = false;
    std::string from_file;
    std::optional<reset_scenario> scenario;
};

/// The groups that the flags name; all of the cluster with `--all-groups`. Throws tool_failure.
[[nodiscard]] runtime::awaitable<std::set<std::string>> chosen_groups(
    client::admin& admin, const consumer_groups_options& options);

/// Expands `--topic` items to partitions. Throws tool_failure if a topic does not exist.
[[nodiscard]] runtime::awaitable<std::set<kafka::topic_partition>> chosen_partitions(
    client::admin& admin, const std::vector<topic_selection>& selections);

[[nodiscard]] runtime::awaitable<int> list_groups(client::admin& admin,
                                                  const consumer_groups_options& options);
[[nodiscard]] runtime::awaitable<int> describe_groups(client::admin& admin,
                                                      const consumer_groups_options& options);
[[nodiscard]] runtime::awaitable<int> delete_groups(client::admin& admin,
                                                    const consumer_groups_options& options);
[[nodiscard]] runtime::awaitable<int> delete_group_offsets(client::admin& admin,
                                                           const consumer_groups_options& options);
[[nodiscard]] runtime::awaitable<int> reset_group_offsets(client::admin& admin,
                                                          const consumer_groups_options& options);

}  // namespace verdikt::cli
