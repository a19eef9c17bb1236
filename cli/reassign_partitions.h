/// What `reassign-partitions` does in a cluster. Each act prints what it found or did.
#pragma once

#include "cli/partition_list.h"
#include "cli/tool.h"
#include "client/admin.h"

#include <functional>
#include <set>
#include <string>

namespace verdikt::cli {

using reassign_act = std::function<runtime::awaitable<int>(client::admin&, runtime::environment&)>;

struct generation_options {
    std::set<std::string> topics;
    std::set<std::int32_t> brokers;
    bool rack_aware = true;
};

runtime::awaitable<int> generate_plan(client::admin& admin,
                                      runtime::environment& world,
                                      generation_options options);
runtime::awaitable<int> execute_plan(client::admin& admin,
                                     partition_assignment plan,
                                     bool additional);
runtime::awaitable<int> verify_plan(client::admin& admin, partition_assignment plan);
runtime::awaitable<int> cancel_plan(client::admin& admin, partition_assignment plan);
runtime::awaitable<int> list_moves(client::admin& admin, runtime::environment& world);

}  // namespace verdikt::cli
