/// Levels at which the whole cluster uses a feature (KIP-584).
#pragma once

#include "broker/controller/draft.h"
#include "kafka/messages/update_features.h"

namespace verdikt::broker::controller {

/// All updates or none. A level must be one that this program and every registered broker have, and
/// to lower one must be asked for as such: 96 if not, 42 for a feature named twice or an unknown
/// kind of update. The error stands at the top and with the update at fault.
[[nodiscard]] kafka::messages::update_features_response update_features(
    draft& into, const kafka::messages::update_features_request& request);

/// The levels that a new cluster starts at, and `min.insync.replicas` of all brokers, which leaders
/// and controllers must not each take from their own files.
void begin_cluster(draft& into);

}  // namespace verdikt::broker::controller
