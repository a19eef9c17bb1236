#include "kafka/messages/add_raft_voter.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using add_raft_voter_listener = add_raft_voter_request::listener;

constexpr std::array add_raft_voter_listener_fields{
    field<&add_raft_voter_listener::name>("name", since(0)),
    field<&add_raft_voter_listener::host>("host", since(0)),
    field<&add_raft_voter_listener::port>("port", since(0)),
};

constexpr std::array add_raft_voter_request_fields{
    field<&add_raft_voter_request::cluster_id>("cluster_id", since(0)).nullable(since(0)),
    field<&add_raft_voter_request::timeout_ms>("timeout_ms", since(0)),
    field<&add_raft_voter_request::voter_id>("voter_id", since(0)),
    field<&add_raft_voter_request::voter_directory_id>("voter_directory_id", since(0)),
    field<&add_raft_voter_request::listeners>("listeners", since(0)),
};

constexpr std::array add_raft_voter_response_fields{
    field<&add_raft_voter_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&add_raft_voter_response::error_code>("error_code", since(0)),
    field<&add_raft_voter_response::error_message>("error_message", since(0))
        .nullable(since(0))
        .ignorable(),
};

}  // namespace

constinit const struct_schema add_raft_voter_request::listener::schema =
    structure<add_raft_voter_listener>("Listener", add_raft_voter_listener_fields);

constinit const message_schema add_raft_voter_request::schema =
    message<add_raft_voter_request>("AddRaftVoterRequest",
                                    {.key = static_cast<std::int16_t>(api_key::add_raft_voter),
                                     .role = message_role::request,
                                     .versions = only(0),
                                     .flexible_since = 0},
                                    add_raft_voter_request_fields);

constinit const message_schema add_raft_voter_response::schema =
    message<add_raft_voter_response>("AddRaftVoterResponse",
                                     {.key = static_cast<std::int16_t>(api_key::add_raft_voter),
                                      .role = message_role::response,
                                      .versions = only(0),
                                      .flexible_since = 0},
                                     add_raft_voter_response_fields);

}  // namespace verdikt::kafka::messages
