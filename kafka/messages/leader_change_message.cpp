#include "kafka/messages/leader_change_message.h"

#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using leader_change_message_voter = leader_change_message::voter;

constexpr std::array leader_change_message_voter_fields{
    field<&leader_change_message_voter::voter_id>("voter_id", since(0)),
    field<&leader_change_message_voter::voter_directory_id>("voter_directory_id", since(1)),
};

constexpr std::array leader_change_message_fields{
    field<&leader_change_message::version>("version", since(0)),
    field<&leader_change_message::leader_id>("leader_id", since(0)),
    field<&leader_change_message::voters>("voters", since(0)),
    field<&leader_change_message::granting_voters>("granting_voters", since(0)),
};

}  // namespace

constinit const struct_schema leader_change_message::voter::schema =
    structure<leader_change_message_voter>("Voter", leader_change_message_voter_fields);

constinit const message_schema leader_change_message::schema = message<leader_change_message>(
    "LeaderChangeMessage",
    {.role = message_role::data, .versions = between(0, 1), .flexible_since = 0},
    leader_change_message_fields);

}  // namespace verdikt::kafka::messages
