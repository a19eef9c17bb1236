#include "kafka/messages/update_raft_voter.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using update_raft_voter_listener = update_raft_voter_request::listener;
using update_raft_voter_kraft_version_feature_type =
    update_raft_voter_request::kraft_version_feature_type;
using current_leader_type = update_raft_voter_response::current_leader_type;

constexpr std::array update_raft_voter_listener_fields{
    field<&update_raft_voter_listener::name>("name", since(0)),
    field<&update_raft_voter_listener::host>("host", since(0)),
    field<&update_raft_voter_listener::port>("port", since(0)),
};

constexpr std::array update_raft_voter_kraft_version_feature_type_fields{
    field<&update_raft_voter_kraft_version_feature_type::min_supported_version>(
        "min_supported_version", since(0)),
    field<&update_raft_voter_kraft_version_feature_type::max_supported_version>(
        "max_supported_version", since(0)),
};

constexpr std::array update_raft_voter_request_fields{
    field<&update_raft_voter_request::cluster_id>("cluster_id", since(0)).nullable(since(0)),
    field<&update_raft_voter_request::current_leader_epoch>("current_leader_epoch", since(0)),
    field<&update_raft_voter_request::voter_id>("voter_id", since(0)),
    field<&update_raft_voter_request::voter_directory_id>("voter_directory_id", since(0)),
    field<&update_raft_voter_request::listeners>("listeners", since(0)),
    field<&update_raft_voter_request::kraft_version_feature>("k_raft_version_feature", since(0)),
};

constexpr std::array current_leader_type_fields{
    field<&current_leader_type::leader_id>("leader_id", since(0)),
    field<&current_leader_type::leader_epoch>("leader_epoch", since(0)),
    field<&current_leader_type::host>("host", since(0)),
    field<&current_leader_type::port>("port", since(0)),
};

constexpr std::array update_raft_voter_response_fields{
    field<&update_raft_voter_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&update_raft_voter_response::error_code>("error_code", since(0)),
    field<&update_raft_voter_response::current_leader>("current_leader", since(0))
        .tagged(0, since(0)),
};

}  // namespace

constinit const struct_schema update_raft_voter_request::listener::schema =
    structure<update_raft_voter_listener>("Listener", update_raft_voter_listener_fields);

constinit const struct_schema update_raft_voter_request::kraft_version_feature_type::schema =
    structure<update_raft_voter_kraft_version_feature_type>(
        "KRaftVersionFeature", update_raft_voter_kraft_version_feature_type_fields);

constinit const message_schema update_raft_voter_request::schema =
    message<update_raft_voter_request>(
        "UpdateRaftVoterRequest",
        {.key = static_cast<std::int16_t>(api_key::update_raft_voter),
         .role = message_role::request,
         .versions = only(0),
         .flexible_since = 0},
        update_raft_voter_request_fields);

constinit const struct_schema update_raft_voter_response::current_leader_type::schema =
    structure<current_leader_type>("CurrentLeader", current_leader_type_fields);

constinit const message_schema update_raft_voter_response::schema =
    message<update_raft_voter_response>(
        "UpdateRaftVoterResponse",
        {.key = static_cast<std::int16_t>(api_key::update_raft_voter),
         .role = message_role::response,
         .versions = only(0),
         .flexible_since = 0},
        update_raft_voter_response_fields);

}  // namespace verdikt::kafka::messages
