#include "kafka/messages/find_coordinator.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using coordinator = find_coordinator_response::coordinator;

constexpr std::array find_coordinator_request_fields{
    field<&find_coordinator_request::key>("key", between(0, 3)),
    field<&find_coordinator_request::key_type>("key_type", since(1)),
    field<&find_coordinator_request::coordinator_keys>("coordinator_keys", since(4)),
};

constexpr std::array coordinator_fields{
    field<&coordinator::key>("key", since(4)),
    field<&coordinator::node_id>("node_id", since(4)),
    field<&coordinator::host>("host", since(4)),
    field<&coordinator::port>("port", since(4)),
    field<&coordinator::error_code>("error_code", since(4)),
    field<&coordinator::error_message>("error_message", since(4)).nullable(since(4)).ignorable(),
};

constexpr std::array find_coordinator_response_fields{
    field<&find_coordinator_response::throttle_time_ms>("throttle_time_ms", since(1)).ignorable(),
    field<&find_coordinator_response::error_code>("error_code", between(0, 3)),
    field<&find_coordinator_response::error_message>("error_message", between(1, 3))
        .nullable(between(1, 3))
        .ignorable(),
    field<&find_coordinator_response::node_id>("node_id", between(0, 3)),
    field<&find_coordinator_response::host>("host", between(0, 3)),
    field<&find_coordinator_response::port>("port", between(0, 3)),
    field<&find_coordinator_response::coordinators>("coordinators", since(4)),
};

}  // namespace

constinit const message_schema find_coordinator_request::schema =
    message<find_coordinator_request>("FindCoordinatorRequest",
                                      {.key = static_cast<std::int16_t>(api_key::find_coordinator),
                                       .role = message_role::request,
                                       .versions = between(0, 6),
                                       .flexible_since = 3},
                                      find_coordinator_request_fields);

constinit const struct_schema find_coordinator_response::coordinator::schema =
    structure<coordinator>("Coordinator", coordinator_fields);

constinit const message_schema find_coordinator_response::schema =
    message<find_coordinator_response>("FindCoordinatorResponse",
                                       {.key = static_cast<std::int16_t>(api_key::find_coordinator),
                                        .role = message_role::response,
                                        .versions = between(0, 6),
                                        .flexible_since = 3},
                                       find_coordinator_response_fields);

}  // namespace verdikt::kafka::messages
