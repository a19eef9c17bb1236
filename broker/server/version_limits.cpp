#include "broker/server/version_limits.h"

#include "kafka/error_codes.h"

#include <utility>

namespace verdikt::broker::server {

namespace messages = kafka::messages;

namespace {

template <typename Response>
Response without_endpoints_before(std::int16_t first, std::int16_t version, Response answer) {
    if (version < first) answer.node_endpoints.clear();
    return answer;
}

}  // namespace

messages::vote_response as_of(std::int16_t version, messages::vote_response answer) {
    return without_endpoints_before(1, version, std::move(answer));
}

messages::begin_quorum_epoch_response as_of(std::int16_t version,
                                            messages::begin_quorum_epoch_response answer) {
    return without_endpoints_before(1, version, std::move(answer));
}

messages::end_quorum_epoch_response as_of(std::int16_t version,
                                          messages::end_quorum_epoch_response answer) {
    return without_endpoints_before(1, version, std::move(answer));
}

messages::fetch_snapshot_response as_of(std::int16_t version,
                                        messages::fetch_snapshot_response answer) {
    return without_endpoints_before(1, version, std::move(answer));
}

messages::fetch_response as_of(std::int16_t version, messages::fetch_response answer) {
    return without_endpoints_before(16, version, std::move(answer));
}

messages::describe_quorum_response as_of(std::int16_t version,
                                         messages::describe_quorum_response answer) {
    if (version >= 2) return answer;
    answer.nodes.clear();
    for (auto& topic : answer.topics) {
        for (auto& partition : topic.partitions) {
            for (auto& each : partition.current_voters) each.replica_directory_id = {};
            for (auto& each : partition.observers) each.replica_directory_id = {};
        }
    }
    return answer;
}

messages::elect_leaders_response as_of(std::int16_t version,
                                       messages::elect_leaders_response answer) {
    if (version == 0) answer.error_code = kafka::to_wire(kafka::error_code::none);
    return answer;
}

}  // namespace verdikt::broker::server
