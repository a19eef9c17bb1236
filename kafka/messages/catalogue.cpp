#include "kafka/messages/catalogue.h"

#include "kafka/messages/add_offsets_to_txn.h"
#include "kafka/messages/add_partitions_to_txn.h"
#include "kafka/messages/add_raft_voter.h"
#include "kafka/messages/allocate_producer_ids.h"
#include "kafka/messages/alter_configs.h"
#include "kafka/messages/alter_partition.h"
#include "kafka/messages/alter_partition_reassignments.h"
#include "kafka/messages/api_versions.h"
#include "kafka/messages/assign_replicas_to_dirs.h"
#include "kafka/messages/begin_quorum_epoch.h"
#include "kafka/messages/broker_heartbeat.h"
#include "kafka/messages/broker_registration.h"
#include "kafka/messages/consumer_protocol.h"
#include "kafka/messages/create_partitions.h"
#include "kafka/messages/create_topics.h"
#include "kafka/messages/delete_groups.h"
#include "kafka/messages/delete_records.h"
#include "kafka/messages/delete_topics.h"
#include "kafka/messages/describe_cluster.h"
#include "kafka/messages/describe_configs.h"
#include "kafka/messages/describe_groups.h"
#include "kafka/messages/describe_log_dirs.h"
#include "kafka/messages/describe_producers.h"
#include "kafka/messages/describe_quorum.h"
#include "kafka/messages/describe_topic_partitions.h"
#include "kafka/messages/describe_transactions.h"
#include "kafka/messages/elect_leaders.h"
#include "kafka/messages/end_quorum_epoch.h"
#include "kafka/messages/end_txn.h"
#include "kafka/messages/envelope.h"
#include "kafka/messages/fetch.h"
#include "kafka/messages/fetch_snapshot.h"
#include "kafka/messages/find_coordinator.h"
#include "kafka/messages/group_records.h"
#include "kafka/messages/headers.h"
#include "kafka/messages/heartbeat.h"
#include "kafka/messages/incremental_alter_configs.h"
#include "kafka/messages/init_producer_id.h"
#include "kafka/messages/join_group.h"
#include "kafka/messages/leader_change_message.h"
#include "kafka/messages/leave_group.h"
#include "kafka/messages/list_groups.h"
#include "kafka/messages/list_offsets.h"
#include "kafka/messages/list_partition_reassignments.h"
#include "kafka/messages/list_transactions.h"
#include "kafka/messages/metadata.h"
#include "kafka/messages/metadata_broker_records.h"
#include "kafka/messages/metadata_cluster_records.h"
#include "kafka/messages/metadata_topic_records.h"
#include "kafka/messages/offset_commit.h"
#include "kafka/messages/offset_delete.h"
#include "kafka/messages/offset_fetch.h"
#include "kafka/messages/offset_for_leader_epoch.h"
#include "kafka/messages/offset_records.h"
#include "kafka/messages/produce.h"
#include "kafka/messages/remove_raft_voter.h"
#include "kafka/messages/snapshot_records.h"
#include "kafka/messages/sync_group.h"
#include "kafka/messages/transaction_records.h"
#include "kafka/messages/txn_offset_commit.h"
#include "kafka/messages/unregister_broker.h"
#include "kafka/messages/update_features.h"
#include "kafka/messages/update_raft_voter.h"
#include "kafka/messages/vote.h"
#include "kafka/messages/voter_records.h"
#include "kafka/messages/write_txn_markers.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace verdikt::kafka::messages {
namespace {

constexpr auto messages = std::to_array<const message_schema*>({
    &produce_request::schema,
    &produce_response::schema,
    &fetch_request::schema,
    &fetch_response::schema,
    &list_offsets_request::schema,
    &list_offsets_response::schema,
    &metadata_request::schema,
    &metadata_response::schema,
    &offset_commit_request::schema,
    &offset_commit_response::schema,
    &offset_fetch_request::schema,
    &offset_fetch_response::schema,
    &find_coordinator_request::schema,
    &find_coordinator_response::schema,
    &join_group_request::schema,
    &join_group_response::schema,
    &heartbeat_request::schema,
    &heartbeat_response::schema,
    &leave_group_request::schema,
    &leave_group_response::schema,
    &sync_group_request::schema,
    &sync_group_response::schema,
    &describe_groups_request::schema,
    &describe_groups_response::schema,
    &list_groups_request::schema,
    &list_groups_response::schema,
    &api_versions_request::schema,
    &api_versions_response::schema,
    &create_topics_request::schema,
    &create_topics_response::schema,
    &delete_topics_request::schema,
    &delete_topics_response::schema,
    &delete_records_request::schema,
    &delete_records_response::schema,
    &init_producer_id_request::schema,
    &init_producer_id_response::schema,
    &offset_for_leader_epoch_request::schema,
    &offset_for_leader_epoch_response::schema,
    &add_partitions_to_txn_request::schema,
    &add_partitions_to_txn_response::schema,
    &add_offsets_to_txn_request::schema,
    &add_offsets_to_txn_response::schema,
    &end_txn_request::schema,
    &end_txn_response::schema,
    &write_txn_markers_request::schema,
    &write_txn_markers_response::schema,
    &txn_offset_commit_request::schema,
    &txn_offset_commit_response::schema,
    &describe_configs_request::schema,
    &describe_configs_response::schema,
    &alter_configs_request::schema,
    &alter_configs_response::schema,
    &describe_log_dirs_request::schema,
    &describe_log_dirs_response::schema,
    &create_partitions_request::schema,
    &create_partitions_response::schema,
    &delete_groups_request::schema,
    &delete_groups_response::schema,
    &elect_leaders_request::schema,
    &elect_leaders_response::schema,
    &incremental_alter_configs_request::schema,
    &incremental_alter_configs_response::schema,
    &alter_partition_reassignments_request::schema,
    &alter_partition_reassignments_response::schema,
    &list_partition_reassignments_request::schema,
    &list_partition_reassignments_response::schema,
    &offset_delete_request::schema,
    &offset_delete_response::schema,
    &vote_request::schema,
    &vote_response::schema,
    &begin_quorum_epoch_request::schema,
    &begin_quorum_epoch_response::schema,
    &end_quorum_epoch_request::schema,
    &end_quorum_epoch_response::schema,
    &describe_quorum_request::schema,
    &describe_quorum_response::schema,
    &alter_partition_request::schema,
    &alter_partition_response::schema,
    &update_features_request::schema,
    &update_features_response::schema,
    &envelope_request::schema,
    &envelope_response::schema,
    &fetch_snapshot_request::schema,
    &fetch_snapshot_response::schema,
    &describe_cluster_request::schema,
    &describe_cluster_response::schema,
    &describe_producers_request::schema,
    &describe_producers_response::schema,
    &broker_registration_request::schema,
    &broker_registration_response::schema,
    &broker_heartbeat_request::schema,
    &broker_heartbeat_response::schema,
    &unregister_broker_request::schema,
    &unregister_broker_response::schema,
    &describe_transactions_request::schema,
    &describe_transactions_response::schema,
    &list_transactions_request::schema,
    &list_transactions_response::schema,
    &allocate_producer_ids_request::schema,
    &allocate_producer_ids_response::schema,
    &assign_replicas_to_dirs_request::schema,
    &assign_replicas_to_dirs_response::schema,
    &describe_topic_partitions_request::schema,
    &describe_topic_partitions_response::schema,
    &add_raft_voter_request::schema,
    &add_raft_voter_response::schema,
    &remove_raft_voter_request::schema,
    &remove_raft_voter_response::schema,
    &update_raft_voter_request::schema,
    &update_raft_voter_response::schema,
    &request_header::schema,
    &response_header::schema,
    &consumer_protocol_subscription::schema,
    &consumer_protocol_assignment::schema,
    &offset_commit_key::schema,
    &offset_commit_value::schema,
    &group_metadata_key::schema,
    &group_metadata_value::schema,
    &transaction_log_key::schema,
    &transaction_log_value::schema,
    &leader_change_message::schema,
    &snapshot_header_record::schema,
    &snapshot_footer_record::schema,
    &kraft_version_record::schema,
    &voters_record::schema,
    &register_broker_record::schema,
    &unregister_broker_record::schema,
    &topic_record::schema,
    &partition_record::schema,
    &config_record::schema,
    &partition_change_record::schema,
    &remove_topic_record::schema,
    &feature_level_record::schema,
    &producer_ids_record::schema,
    &broker_registration_change_record::schema,
    &no_op_record::schema,
});

/// Api keys are small numbers: a request and a response for each.
constexpr std::size_t keys_max = 128;
using messages_by_key = std::array<std::array<const message_schema*, 2>, keys_max>;

messages_by_key index_by_key() {
    messages_by_key index{};
    for (const message_schema* message : messages) {
        const bool is_request = message->role == message_role::request;
        if (!is_request && message->role != message_role::response) continue;
        index.at(static_cast<std::size_t>(message->key))[is_request ? 0 : 1] = message;
    }
    return index;
}

}  // namespace

std::span<const message_schema* const> all_messages() {
    return messages;
}

const message_schema* find_message(api_key key, message_role role) {
    static const messages_by_key index = index_by_key();
    const auto row = static_cast<std::size_t>(key);
    if (row >= keys_max) return nullptr;
    switch (role) {
        case message_role::request:
            return index[row][0];
        case message_role::response:
            return index[row][1];
        case message_role::header:
        case message_role::data:
        case message_role::metadata:
            return nullptr;
    }
    return nullptr;
}

}  // namespace verdikt::kafka::messages
