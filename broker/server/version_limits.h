/// Answers in versions that cannot carry all of them. The codec refuses to leave anything out by
/// itself; what may be left out, and what says the same in an older way, is decided here.
#pragma once

#include "kafka/messages/begin_quorum_epoch.h"
#include "kafka/messages/describe_quorum.h"
#include "kafka/messages/elect_leaders.h"
#include "kafka/messages/end_quorum_epoch.h"
#include "kafka/messages/fetch.h"
#include "kafka/messages/fetch_snapshot.h"
#include "kafka/messages/vote.h"

#include <cstdint>

namespace verdikt::broker::server {

/// Most say the same in every version.
template <typename Response>
Response as_of(std::int16_t /*version*/, Response answer) {
    return answer;
}

/// A leader's endpoint is told since KIP-853; older voters have it from their configuration.
kafka::messages::vote_response as_of(std::int16_t version, kafka::messages::vote_response answer);
kafka::messages::begin_quorum_epoch_response as_of(
    std::int16_t version, kafka::messages::begin_quorum_epoch_response answer);
kafka::messages::end_quorum_epoch_response as_of(std::int16_t version,
                                                 kafka::messages::end_quorum_epoch_response answer);
kafka::messages::fetch_snapshot_response as_of(std::int16_t version,
                                               kafka::messages::fetch_snapshot_response answer);
kafka::messages::fetch_response as_of(std::int16_t version, kafka::messages::fetch_response answer);
/// Directories and endpoints, likewise.
kafka::messages::describe_quorum_response as_of(std::int16_t version,
                                                kafka::messages::describe_quorum_response answer);
/// At first there was no error of the whole; each partition has it as well.
kafka::messages::elect_leaders_response as_of(std::int16_t version,
                                              kafka::messages::elect_leaders_response answer);

}  // namespace verdikt::broker::server
