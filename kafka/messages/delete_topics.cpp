#include "kafka/messages/delete_topics.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using delete_topic_state = delete_topics_request::delete_topic_state;
using deletable_topic_result = delete_topics_response::deletable_topic_result;

constexpr std::array delete_topic_state_fields{
    field<&delete_topic_state::name>("name", since(6)).nullable(since(6)),
    field<&delete_topic_state::topic_id>("topic_id", since(6)),
};

constexpr std::array delete_topics_request_fields{
    field<&delete_topics_request::topics>("topics", since(6)),
    field<&delete_topics_request::topic_names>("topic_names", between(0, 5)).ignorable(),
    field<&delete_topics_request::timeout_ms>("timeout_ms", since(0)),
};

constexpr std::array deletable_topic_result_fields{
    field<&deletable_topic_result::name>("name", since(0)).nullable(since(6)),
    field<&deletable_topic_result::topic_id>("topic_id", since(6)).ignorable(),
    field<&deletable_topic_result::error_code>("error_code", since(0)),
    field<&deletable_topic_result::error_message>("error_message", since(5))
        .nullable(since(5))
        .ignorable(),
};

constexpr std::array delete_topics_response_fields{
    field<&delete_topics_response::throttle_time_ms>("throttle_time_ms", since(1)).ignorable(),
    field<&delete_topics_response::responses>("responses", since(0)),
};

}  // namespace

constinit const struct_schema delete_topics_request::delete_topic_state::schema =
    structure<delete_topic_state>("DeleteTopicState", delete_topic_state_fields);

constinit const message_schema delete_topics_request::schema =
    message<delete_topics_request>("DeleteTopicsRequest",
                                   {.key = static_cast<std::int16_t>(api_key::delete_topics),
                                    .role = message_role::request,
                                    .versions = between(0, 6),
                                    .flexible_since = 4},
                                   delete_topics_request_fields);

constinit const struct_schema delete_topics_response::deletable_topic_result::schema =
    structure<deletable_topic_result>("DeletableTopicResult", deletable_topic_result_fields);

constinit const message_schema delete_topics_response::schema =
    message<delete_topics_response>("DeleteTopicsResponse",
                                    {.key = static_cast<std::int16_t>(api_key::delete_topics),
                                     .role = message_role::response,
                                     .versions = between(0, 6),
                                     .flexible_since = 4},
                                    delete_topics_response_fields);

}  // namespace verdikt::kafka::messages
