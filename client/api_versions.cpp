#include "client/api_versions.h"

#include "runtime/check.h"

#include <algorithm>
#include <array>

namespace verdikt::client {

namespace {

using kafka::api_key;
using kafka::messages::version_range;

struct spoken {
    api_key key;
    version_range versions;
};

constexpr std::array spoken_table{
    spoken{api_key::produce, {3, 12}},
    spoken{api_key::fetch, {4, 12}},
    spoken{api_key::list_offsets, {1, 7}},
    spoken{api_key::metadata, {1, 12}},
    spoken{api_key::offset_commit, {2, 8}},
    spoken{api_key::offset_fetch, {1, 7}},
    spoken{api_key::find_coordinator, {0, 3}},
    spoken{api_key::join_group, {2, 9}},
    spoken{api_key::heartbeat, {0, 4}},
    spoken{api_key::leave_group, {0, 5}},
    spoken{api_key::sync_group, {0, 5}},
    spoken{api_key::describe_groups, {0, 5}},
    spoken{api_key::list_groups, {0, 4}},
    spoken{api_key::api_versions, {0, 3}},
    spoken{api_key::create_topics, {2, 7}},
    spoken{api_key::delete_topics, {1, 5}},
    spoken{api_key::delete_records, {0, 2}},
    spoken{api_key::init_producer_id, {0, 5}},
    spoken{api_key::offset_for_leader_epoch, {2, 4}},
    spoken{api_key::describe_configs, {1, 4}},
    spoken{api_key::alter_configs, {0, 2}},
    spoken{api_key::describe_log_dirs, {1, 4}},
    spoken{api_key::create_partitions, {0, 3}},
    spoken{api_key::delete_groups, {0, 2}},
    spoken{api_key::elect_leaders, {0, 2}},
    spoken{api_key::incremental_alter_configs, {0, 1}},
    spoken{api_key::alter_partition_reassignments, {0, 0}},
    spoken{api_key::list_partition_reassignments, {0, 0}},
    spoken{api_key::offset_delete, {0, 0}},
    spoken{api_key::describe_quorum, {0, 2}},
    spoken{api_key::unregister_broker, {0, 0}},
    spoken{api_key::describe_topic_partitions, {0, 0}},
    spoken{api_key::add_partitions_to_txn, {0, 3}},
    spoken{api_key::add_offsets_to_txn, {0, 4}},
    spoken{api_key::end_txn, {0, 5}},
    spoken{api_key::txn_offset_commit, {0, 5}},
    spoken{api_key::write_txn_markers, {0, 1}},
    spoken{api_key::describe_producers, {0, 0}},
    spoken{api_key::describe_transactions, {0, 0}},
    spoken{api_key::list_transactions, {0, 1}},
};

const spoken* find(api_key key) {
    const auto* const found = std::ranges::find(spoken_table, key, &spoken::key);
    return found == spoken_table.end() ? nullptr : found;
}

}  // namespace

bool is_spoken(api_key key) {
    return find(key) != nullptr;
}

version_range spoken_versions(api_key key) {
    const spoken* const entry = find(key);
    CHECK(entry != nullptr, "a request of api {} that the client does not know", name(key));
    return entry->versions;
}

std::optional<std::int16_t> broker_versions::choose(api_key key, std::int16_t at_most) const {
    const auto theirs = ranges_.find(static_cast<std::int16_t>(key));
    if (theirs == ranges_.end()) return std::nullopt;
    const version_range ours = spoken_versions(key);
    const auto first = std::max(ours.first, theirs->second.first);
    const auto last = std::min({ours.last, theirs->second.last, at_most});
    if (last < first) return std::nullopt;
    return last;
}

}  // namespace verdikt::client
