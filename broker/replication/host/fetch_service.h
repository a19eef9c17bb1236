/// Fetch: one request over any number of partitions, from consumers and from followers.
///
/// Waits until there are `min_bytes` to give, an error to tell, or the time is over. Nothing is
/// copied: an answer names stretches of segment files by the tags of its records, and whoever sends
/// it puts them in. Sessions (KIP-227) are refused by session id 0 in every answer.
#pragma once

#include "broker/replication/host/replicas.h"
#include "broker/storage/partition_log.h"
#include "kafka/messages/fetch.h"
#include "runtime/awaitable.h"
#include "runtime/environment.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace verdikt::broker::replication::host {

/// An answer, and the stretches of files that its records stand for: the tag of a splice is the
/// index of its slice.
struct fetched {
    kafka::messages::fetch_response response;
    std::vector<storage::file_slice> slices;
};

struct fetch_limits {
    std::int64_t bytes_max = 50 << 20;  ///< fetch.max.bytes
    /// When to answer with what there is: the request's arrival and its max wait.
    runtime::instant deadline;
};

/// `replicas::stop_waiting` ends its wait.
[[nodiscard]] runtime::awaitable<fetched> serve_fetch(replicas& here,
                                                      kafka::messages::fetch_request request,
                                                      fetch_limits limits);

}  // namespace verdikt::broker::replication::host
