#include "kafka/messages/voter_records.h"

#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using endpoint = voters_record::endpoint;
using voter_records_kraft_version_feature_type = voters_record::kraft_version_feature_type;
using voter_records_voter = voters_record::voter;

constexpr std::array kraft_version_record_fields{
    field<&kraft_version_record::version>("version", since(0)),
    field<&kraft_version_record::kraft_version>("k_raft_version", since(0)),
};

constexpr std::array endpoint_fields{
    field<&endpoint::name>("name", since(0)),
    field<&endpoint::host>("host", since(0)),
    field<&endpoint::port>("port", since(0)),
};

constexpr std::array voter_records_kraft_version_feature_type_fields{
    field<&voter_records_kraft_version_feature_type::min_supported_version>("min_supported_version",
                                                                            since(0)),
    field<&voter_records_kraft_version_feature_type::max_supported_version>("max_supported_version",
                                                                            since(0)),
};

constexpr std::array voter_records_voter_fields{
    field<&voter_records_voter::voter_id>("voter_id", since(0)),
    field<&voter_records_voter::voter_directory_id>("voter_directory_id", since(0)),
    field<&voter_records_voter::endpoints>("endpoints", since(0)),
    field<&voter_records_voter::kraft_version_feature>("k_raft_version_feature", since(0)),
};

constexpr std::array voters_record_fields{
    field<&voters_record::version>("version", since(0)),
    field<&voters_record::voters>("voters", since(0)),
};

}  // namespace

constinit const message_schema kraft_version_record::schema = message<kraft_version_record>(
    "KRaftVersionRecord",
    {.role = message_role::data, .versions = only(0), .flexible_since = 0},
    kraft_version_record_fields);

constinit const struct_schema voters_record::endpoint::schema =
    structure<endpoint>("Endpoint", endpoint_fields);

constinit const struct_schema voters_record::kraft_version_feature_type::schema =
    structure<voter_records_kraft_version_feature_type>(
        "KRaftVersionFeature", voter_records_kraft_version_feature_type_fields);

constinit const struct_schema voters_record::voter::schema =
    structure<voter_records_voter>("Voter", voter_records_voter_fields);

constinit const message_schema voters_record::schema =
    message<voters_record>("VotersRecord",
                           {.role = message_role::data, .versions = only(0), .flexible_since = 0},
                           voters_record_fields);

}  // namespace verdikt::kafka::messages
