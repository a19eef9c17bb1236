#include "kafka/error_codes.h"

#include <array>
#include <cstddef>

namespace verdikt::kafka {
namespace {

using enum error_class;

struct error_entry {
    std::string_view name;
    error_class kind;
    std::string_view description;
};

/// In the order of the codes, from -1. The classes follow the hierarchy of Kafka's Java exceptions,
/// with RetriableException split by what must be refreshed first.
// clang-format off
constexpr auto entries = std::to_array<error_entry>({
    {"UNKNOWN_SERVER_ERROR", permanent, "the server failed in a way that it cannot name"},
    {"NONE", success, "no error"},
    {"OFFSET_OUT_OF_RANGE", permanent, "the log holds nothing at the requested offset"},
    {"CORRUPT_MESSAGE", transient, "a batch failed its checksum or is malformed"},
    {"UNKNOWN_TOPIC_OR_PARTITION", stale_metadata, "this broker knows no such topic or partition"},
    {"INVALID_FETCH_SIZE", permanent, "the fetch asks for an impossible size"},
    {"LEADER_NOT_AVAILABLE", stale_metadata, "the partition has no leader at the moment"},
    {"NOT_LEADER_OR_FOLLOWER", stale_metadata, "this broker does not lead the partition or hold a replica of it"},
    {"REQUEST_TIMED_OUT", transient, "the request was not carried out in its time; it may still take effect"},
    {"BROKER_NOT_AVAILABLE", permanent, "the broker is not available"},
    {"REPLICA_NOT_AVAILABLE", stale_metadata, "the replica is not on this broker"},
    {"MESSAGE_TOO_LARGE", permanent, "the batch is larger than the topic allows"},
    {"STALE_CONTROLLER_EPOCH", permanent, "a newer controller has taken over"},
    {"OFFSET_METADATA_TOO_LARGE", permanent, "the text beside the committed offset is too long"},
    {"NETWORK_EXCEPTION", stale_metadata, "the connection broke before an answer came"},
    {"COORDINATOR_LOAD_IN_PROGRESS", transient, "the coordinator is still loading its state"},
    {"COORDINATOR_NOT_AVAILABLE", stale_coordinator, "no coordinator is available"},
    {"NOT_COORDINATOR", stale_coordinator, "this broker is not the coordinator asked for"},
    {"INVALID_TOPIC_EXCEPTION", permanent, "the topic name is not valid, or the topic may not be used so"},
    {"RECORD_LIST_TOO_LARGE", permanent, "the batch does not fit into one segment"},
    {"NOT_ENOUGH_REPLICAS", transient, "fewer replicas are in sync than the topic demands; nothing was written"},
    {"NOT_ENOUGH_REPLICAS_AFTER_APPEND", transient, "written, but then too few replicas were in sync"},
    {"INVALID_REQUIRED_ACKS", permanent, "acks must be -1, 0 or 1"},
    {"ILLEGAL_GENERATION", group_fenced, "the group has moved on to another generation"},
    {"INCONSISTENT_GROUP_PROTOCOL", permanent, "the member shares no protocol with the rest of the group"},
    {"INVALID_GROUP_ID", permanent, "the group id is not valid"},
    {"UNKNOWN_MEMBER_ID", group_fenced, "the group has no such member"},
    {"INVALID_SESSION_TIMEOUT", permanent, "the session timeout is outside of what the broker allows"},
    {"REBALANCE_IN_PROGRESS", group_fenced, "the group is rebalancing; join again"},
    {"INVALID_COMMIT_OFFSET_SIZE", permanent, "the commit is too large to be stored"},
    {"TOPIC_AUTHORIZATION_FAILED", permanent, "not allowed to do that to the topic"},
    {"GROUP_AUTHORIZATION_FAILED", permanent, "not allowed to do that to the group"},
    {"CLUSTER_AUTHORIZATION_FAILED", permanent, "not allowed to do that to the cluster"},
    {"INVALID_TIMESTAMP", permanent, "a record's timestamp is outside of what the topic accepts"},
    {"UNSUPPORTED_SASL_MECHANISM", permanent, "the broker does not offer this SASL mechanism"},
    {"ILLEGAL_SASL_STATE", permanent, "the request does not fit the state of the authentication"},
    {"UNSUPPORTED_VERSION", permanent, "the broker does not speak this version of the request"},
    {"TOPIC_ALREADY_EXISTS", permanent, "a topic of this name exists"},
    {"INVALID_PARTITIONS", permanent, "the number of partitions is not valid"},
    {"INVALID_REPLICATION_FACTOR", permanent, "the replication factor is below 1 or above the number of brokers"},
    {"INVALID_REPLICA_ASSIGNMENT", permanent, "the assignment of replicas to brokers is not valid"},
    {"INVALID_CONFIG", permanent, "a configuration key or value is not valid"},
    {"NOT_CONTROLLER", stale_metadata, "this broker is not the controller"},
    {"INVALID_REQUEST", permanent, "the request contradicts itself or the protocol"},
    {"UNSUPPORTED_FOR_MESSAGE_FORMAT", permanent, "the stored message format cannot do that"},
    {"POLICY_VIOLATION", permanent, "a policy of the cluster forbids it"},
    {"OUT_OF_ORDER_SEQUENCE_NUMBER", permanent, "the producer's sequence has a gap"},
    {"DUPLICATE_SEQUENCE_NUMBER", permanent, "the producer's batch was written before"},
    {"INVALID_PRODUCER_EPOCH", producer_fenced, "a newer epoch of this producer exists"},
    {"INVALID_TXN_STATE", permanent, "the transaction is not in a state that allows it"},
    {"INVALID_PRODUCER_ID_MAPPING", permanent, "the producer id does not belong to this transactional id"},
    {"INVALID_TRANSACTION_TIMEOUT", permanent, "the transaction timeout is above the broker's limit"},
    {"CONCURRENT_TRANSACTIONS", transient, "an earlier transaction of this producer is still being completed"},
    {"TRANSACTION_COORDINATOR_FENCED", permanent, "a newer transaction coordinator has taken over"},
    {"TRANSACTIONAL_ID_AUTHORIZATION_FAILED", permanent, "not allowed to use the transactional id"},
    {"SECURITY_DISABLED", permanent, "the broker has no security configured"},
    {"OPERATION_NOT_ATTEMPTED", permanent, "not tried, because something before it in the request failed"},
    {"KAFKA_STORAGE_ERROR", stale_metadata, "the broker's disk failed"},
    {"LOG_DIR_NOT_FOUND", permanent, "the broker has no such log directory"},
    {"SASL_AUTHENTICATION_FAILED", permanent, "the credentials were not accepted"},
    {"UNKNOWN_PRODUCER_ID", permanent, "the partition remembers nothing of this producer"},
    {"REASSIGNMENT_IN_PROGRESS", permanent, "the partition's replicas are being moved"},
    {"DELEGATION_TOKEN_AUTH_DISABLED", permanent, "delegation tokens are switched off"},
    {"DELEGATION_TOKEN_NOT_FOUND", permanent, "there is no such delegation token"},
    {"DELEGATION_TOKEN_OWNER_MISMATCH", permanent, "the delegation token belongs to someone else"},
    {"DELEGATION_TOKEN_REQUEST_NOT_ALLOWED", permanent, "delegation tokens may not be handled over this connection"},
    {"DELEGATION_TOKEN_AUTHORIZATION_FAILED", permanent, "not allowed to use the delegation token"},
    {"DELEGATION_TOKEN_EXPIRED", permanent, "the delegation token has expired"},
    {"INVALID_PRINCIPAL_TYPE", permanent, "the kind of principal is not supported"},
    {"NON_EMPTY_GROUP", permanent, "the group has members"},
    {"GROUP_ID_NOT_FOUND", permanent, "there is no such group"},
    {"FETCH_SESSION_ID_NOT_FOUND", transient, "the broker has forgotten the fetch session"},
    {"INVALID_FETCH_SESSION_EPOCH", transient, "the fetch session is at another epoch"},
    {"LISTENER_NOT_FOUND", stale_metadata, "the leader has no listener that the client could use"},
    {"TOPIC_DELETION_DISABLED", permanent, "deleting topics is switched off"},
    {"FENCED_LEADER_EPOCH", stale_metadata, "the leader epoch given is older than the broker's"},
    {"UNKNOWN_LEADER_EPOCH", transient, "the leader epoch given is newer than the broker's"},
    {"UNSUPPORTED_COMPRESSION_TYPE", permanent, "the version of the request cannot carry this compression"},
    {"STALE_BROKER_EPOCH", permanent, "the broker has registered anew since"},
    {"OFFSET_NOT_AVAILABLE", transient, "a new leader does not know its high watermark yet"},
    {"MEMBER_ID_REQUIRED", group_fenced, "join again with the member id in this answer"},
    {"PREFERRED_LEADER_NOT_AVAILABLE", stale_metadata, "the preferred leader is not available"},
    {"GROUP_MAX_SIZE_REACHED", permanent, "the group takes no more members"},
    {"FENCED_INSTANCE_ID", permanent, "another member holds this group instance id"},
    {"ELIGIBLE_LEADERS_NOT_AVAILABLE", stale_metadata, "no replica may become leader"},
    {"ELECTION_NOT_NEEDED", stale_metadata, "the leader is already the one wanted"},
    {"NO_REASSIGNMENT_IN_PROGRESS", permanent, "the partition's replicas are not being moved"},
    {"GROUP_SUBSCRIBED_TO_TOPIC", permanent, "the group is still subscribed to the topic"},
    {"INVALID_RECORD", permanent, "a record breaks a rule of its topic or of the format"},
    {"UNSTABLE_OFFSET_COMMIT", transient, "offsets of an open transaction stand in the way"},
    {"THROTTLING_QUOTA_EXCEEDED", transient, "a quota is used up for now"},
    {"PRODUCER_FENCED", producer_fenced, "another producer has taken over the transactional id"},
    {"RESOURCE_NOT_FOUND", permanent, "there is no such resource"},
    {"DUPLICATE_RESOURCE", permanent, "the resource is named twice"},
    {"UNACCEPTABLE_CREDENTIAL", permanent, "the credential is not acceptable"},
    {"INCONSISTENT_VOTER_SET", permanent, "the voters of sender and receiver differ"},
    {"INVALID_UPDATE_VERSION", permanent, "the feature cannot go to this level"},
    {"FEATURE_UPDATE_FAILED", permanent, "the features could not be updated"},
    {"PRINCIPAL_DESERIALIZATION_FAILURE", permanent, "the forwarded principal cannot be read"},
    {"SNAPSHOT_NOT_FOUND", permanent, "there is no such snapshot"},
    {"POSITION_OUT_OF_RANGE", permanent, "the position lies outside of the snapshot"},
    {"UNKNOWN_TOPIC_ID", stale_metadata, "this broker knows no topic of this id"},
    {"DUPLICATE_BROKER_REGISTRATION", permanent, "another live broker has this node id"},
    {"BROKER_ID_NOT_REGISTERED", permanent, "no broker of this node id is registered"},
    {"INCONSISTENT_TOPIC_ID", stale_metadata, "the topic id is not the one in this broker's log"},
    {"INCONSISTENT_CLUSTER_ID", permanent, "the request is meant for another cluster"},
    {"TRANSACTIONAL_ID_NOT_FOUND", permanent, "there is no such transactional id"},
    {"FETCH_SESSION_TOPIC_ID_ERROR", transient, "the fetch session mixes topic names and ids"},
    {"INELIGIBLE_REPLICA", permanent, "the replica may not join those in sync"},
    {"NEW_LEADER_ELECTED", permanent, "the change was made, and it moved the leadership"},
    {"OFFSET_MOVED_TO_TIERED_STORAGE", permanent, "the offset is only in remote storage"},
    {"FENCED_MEMBER_EPOCH", group_fenced, "the member's epoch is not the coordinator's"},
    {"UNRELEASED_INSTANCE_ID", permanent, "the former holder of the group instance id has not left"},
    {"UNSUPPORTED_ASSIGNOR", permanent, "the coordinator does not know the assignor"},
    {"STALE_MEMBER_EPOCH", group_fenced, "the member must learn its new epoch first"},
    {"MISMATCHED_ENDPOINT_TYPE", permanent, "the request belongs to the other kind of endpoint"},
    {"UNSUPPORTED_ENDPOINT_TYPE", permanent, "the kind of endpoint is not supported"},
    {"UNKNOWN_CONTROLLER_ID", permanent, "there is no such controller"},
    {"UNKNOWN_SUBSCRIPTION_ID", permanent, "the telemetry subscription is outdated"},
    {"TELEMETRY_TOO_LARGE", permanent, "the telemetry is larger than the broker accepts"},
    {"INVALID_REGISTRATION", permanent, "the controller refuses the registration"},
    {"TRANSACTION_ABORTABLE", abortable, "the transaction failed; it can and must be aborted"},
    {"INVALID_RECORD_STATE", permanent, "the shared record is not in a state that allows it"},
    {"SHARE_SESSION_NOT_FOUND", transient, "the broker has forgotten the share session"},
    {"INVALID_SHARE_SESSION_EPOCH", transient, "the share session is at another epoch"},
    {"FENCED_STATE_EPOCH", permanent, "the share coordinator has seen a newer state epoch"},
    {"INVALID_VOTER_KEY", permanent, "the voter's id and directory do not belong together"},
    {"DUPLICATE_VOTER", permanent, "the voter is a member already"},
    {"VOTER_NOT_FOUND", permanent, "there is no such voter"},
    {"INVALID_REGULAR_EXPRESSION", permanent, "the regular expression cannot be used"},
    {"REBOOTSTRAP_REQUIRED", stale_metadata, "the client must start again from its bootstrap servers"},
    {"STREAMS_INVALID_TOPOLOGY", permanent, "the streams topology is not valid"},
    {"STREAMS_INVALID_TOPOLOGY_EPOCH", permanent, "the epoch of the streams topology is not valid"},
    {"STREAMS_TOPOLOGY_FENCED", permanent, "the streams topology is outdated"},
    {"SHARE_SESSION_LIMIT_REACHED", transient, "the broker holds as many share sessions as it can"},
});
// clang-format on

constexpr std::int16_t code_min = -1;
static_assert(entries.size() ==
              static_cast<std::size_t>(error_code::share_session_limit_reached) + 2);

constexpr bool known(std::int16_t wire) {
    return wire >= code_min && wire < static_cast<std::int16_t>(entries.size()) + code_min;
}

const error_entry& entry_of(error_code code) {
    return entries[static_cast<std::size_t>(to_wire(to_error_code(to_wire(code))) - code_min)];
}

}  // namespace

std::string_view name(error_code code) {
    return entry_of(code).name;
}
std::string_view describe(error_code code) {
    return entry_of(code).description;
}
error_class classify(error_code code) {
    return entry_of(code).kind;
}

bool retriable(error_code code) {
    const error_class kind = classify(code);
    return kind == transient || kind == stale_metadata || kind == stale_coordinator;
}

bool invalidates_metadata(error_code code) {
    return classify(code) == stale_metadata;
}
bool invalidates_coordinator(error_code code) {
    return classify(code) == stale_coordinator;
}

error_code to_error_code(std::int16_t wire) {
    return known(wire) ? static_cast<error_code>(wire) : error_code::unknown_server_error;
}

}  // namespace verdikt::kafka
