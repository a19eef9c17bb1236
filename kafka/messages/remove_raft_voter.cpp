#include "kafka/messages/remove_raft_voter.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

constexpr std::array remove_raft_voter_request_fields{
    field<&remove_raft_voter_request::cluster_id>("cluster_id", since(0)).nullable(since(0)),
    field<&remove_raft_voter_request::voter_id>("voter_id", since(0)),
    field<&remove_raft_voter_request::voter_directory_id>("voter_directory_id", since(0)),
};

constexpr std::array remove_raft_voter_response_fields{
    field<&remove_raft_voter_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&remove_raft_voter_response::error_code>("error_code", since(0)),
    field<&remove_raft_voter_response::error_message>("error_message", since(0))
        .nullable(since(0))
        .ignorable(),
};

}  // namespace

constinit const message_schema remove_raft_voter_request::schema =
    message<remove_raft_voter_request>(
        "RemoveRaftVoterRequest",
        {.key = static_cast<std::int16_t>(api_key::remove_raft_voter),
         .role = message_role::request,
         .versions = only(0),
         .flexible_since = 0},
        remove_raft_voter_request_fields);

constinit const message_schema remove_raft_voter_response::schema =
    message<remove_raft_voter_response>(
        "RemoveRaftVoterResponse",
        {.key = static_cast<std::int16_t>(api_key::remove_raft_voter),
         .role = message_role::response,
         .versions = only(0),
         .flexible_since = 0},
        remove_raft_voter_response_fields);

}  // namespace verdikt::kafka::messages
