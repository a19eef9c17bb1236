/// Brokers that come to be known and that are forgotten (KIP-631).
#pragma once

#include "broker/controller/broker_sessions.h"
#include "broker/controller/draft.h"
#include "kafka/messages/broker_registration.h"
#include "kafka/messages/unregister_broker.h"
#include "runtime/clock.h"

namespace verdikt::broker::controller {

/// Registers a process as the holder of its id. Its epoch is the offset of its record; it starts
/// fenced. Unless it proves by the epoch of the process before it that this one stopped cleanly,
/// its replicas may have lost what they acknowledged and are dropped, in the same batch: otherwise
/// one that a power cut robbed of its tail could be elected, and make the others truncate
/// acknowledged data.
///
/// - Asked again by the same process: the same epoch, nothing new. An answer may have been lost.
/// - 101 while another process holds the id and was heard of within its session.
/// - 104 for a broker of another cluster, 35 for one that lacks a feature the cluster uses, 119 for
///   one without listeners, or with a directory that is another's.
[[nodiscard]] kafka::messages::broker_registration_response register_broker(
    draft& into,
    broker_sessions& sessions,
    const kafka::messages::broker_registration_request& request,
    runtime::instant now);

/// Forgets a broker; its replicas are dropped, but partitions keep naming it among their replicas.
[[nodiscard]] kafka::messages::unregister_broker_response unregister_broker(
    draft& into,
    broker_sessions& sessions,
    const kafka::messages::unregister_broker_request& request);

}  // namespace verdikt::broker::controller
