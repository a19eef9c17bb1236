/// The states of a broker: fenced, active, shutting down (KIP-631, KIP-841).
#pragma once

#include "broker/controller/broker_sessions.h"
#include "broker/controller/draft.h"
#include "kafka/messages/broker_heartbeat.h"
#include "runtime/clock.h"

#include <optional>

namespace verdikt::broker::controller {

/// Renews a broker's session and moves it on:
///
/// - fenced → active, once it has applied the metadata log up to its own registration: before, it
///   could act on what held for an earlier process.
/// - active → shutting down, when it wants to stop: it leads nothing and is in sync with nobody.
/// - shutting down → may stop, once all other active brokers know who leads instead.
/// - anything → fenced, when it asks for that.
///
/// 102 for a broker that is not registered, 77 for an earlier process of it.
[[nodiscard]] kafka::messages::broker_heartbeat_response heartbeat(
    draft& into,
    broker_sessions& sessions,
    const kafka::messages::broker_heartbeat_request& request,
    runtime::instant now);

/// Fences the brokers that were not heard of for a session.
void fence_silent_brokers(draft& into, broker_sessions& sessions, runtime::instant now);

/// When the next broker would be fenced.
[[nodiscard]] std::optional<runtime::instant> next_fencing(const metadata::image& image,
                                                           const broker_sessions& sessions);

}  // namespace verdikt::broker::controller
