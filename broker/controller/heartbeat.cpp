#include "broker/controller/heartbeat.h"

#include "broker/controller/broker_states.h"
#include "kafka/error_codes.h"
#include "runtime/check.h"

#include <algorithm>
#include <vector>

namespace verdikt::broker::controller {

namespace messages = kafka::messages;
using kafka::error_code;
using kafka::node_id;
using metadata::broker_registration;

namespace {

const broker_registration& registration_of(const draft& of, node_id which) {
    const broker_registration* found = of.image().find_broker(which);
    CHECK(found != nullptr, "broker {}", which);
    return *found;
}

/// Whether all that serve now know the leaders that took over.
bool others_have_applied(const draft& of,
                         const broker_sessions& sessions,
                         node_id which,
                         kafka::offset needed) {
    return std::ranges::all_of(of.image().brokers(), [&](const auto& each) {
        if (each.first == which || !each.second.is_active()) return true;
        const auto* session = sessions.find(each.first);
        return session != nullptr && session->metadata_offset >= needed;
    });
}

void serve_fenced(draft& into,
                  const messages::broker_heartbeat_request& request,
                  broker_sessions::session& session) {
    const node_id which(request.broker_id);
    const broker_registration& present = registration_of(into, which);
    // A shutdown that was begun is not taken back: the process would stay fenced for ever.
    session.told_to_stop = request.want_shut_down || present.in_controlled_shutdown;
    if (session.told_to_stop || request.want_fence) return;
    const bool knows_itself = request.current_metadata_offset >= present.epoch.value();
    if (knows_itself) unfence_broker(into, which);
}

void serve_shutdown(draft& into,
                    broker_sessions& sessions,
                    broker_sessions::session& session,
                    node_id which) {
    if (!registration_of(into, which).in_controlled_shutdown) {
        begin_controlled_shutdown(into, which);
        session.shutdown_offset = into.next_offset().previous();
    }
    if (!others_have_applied(into, sessions, which, session.shutdown_offset)) return;
    session.told_to_stop = true;
    fence_broker(into, which);
}

/// A broker may be fenced for that, and must not be unfenced by the same heartbeat.
bool has_no_disk_left(const broker_registration& of,
                      const messages::broker_heartbeat_request& request) {
    return !of.log_dirs.empty() &&
           std::ranges::all_of(of.log_dirs, [&](const kafka::uuid& directory) {
               return std::ranges::find(request.offline_log_dirs, directory) !=
                      request.offline_log_dirs.end();
           });
}

/// Requires: the request is of the process that is registered.
void serve(draft& into,
           broker_sessions& sessions,
           broker_sessions::session& session,
           const messages::broker_heartbeat_request& request) {
    const node_id which(request.broker_id);
    if (!request.offline_log_dirs.empty()) fail_directories(into, which, request.offline_log_dirs);
    if (has_no_disk_left(registration_of(into, which), request)) {
        session.told_to_stop = request.want_shut_down;
        return;
    }
    if (registration_of(into, which).fenced) {
        serve_fenced(into, request, session);
    } else if (request.want_shut_down || registration_of(into, which).in_controlled_shutdown) {
        serve_shutdown(into, sessions, session, which);
    } else if (request.want_fence) {
        fence_broker(into, which);
    }
}

}  // namespace

messages::broker_heartbeat_response heartbeat(draft& into,
                                              broker_sessions& sessions,
                                              const messages::broker_heartbeat_request& request,
                                              runtime::instant now) {
    messages::broker_heartbeat_response answer;
    const node_id which(request.broker_id);
    const broker_registration* present = into.image().find_broker(which);
    if (present == nullptr) {
        answer.error_code = kafka::to_wire(error_code::broker_id_not_registered);
        return answer;
    }
    if (present->epoch.value() != request.broker_epoch) {
        answer.error_code = kafka::to_wire(error_code::stale_broker_epoch);
        return answer;
    }
    broker_sessions::session& session =
        sessions.heard(which, now, kafka::offset(request.current_metadata_offset));
    answer.is_caught_up = request.current_metadata_offset >= present->epoch.value();
    serve(into, sessions, session, request);
    answer.is_fenced = registration_of(into, which).fenced;
    answer.should_shut_down = session.told_to_stop;
    return answer;
}

void fence_silent_brokers(draft& into, broker_sessions& sessions, runtime::instant now) {
    std::vector<node_id> silent;
    for (const auto& [which, registration] : into.image().brokers()) {
        if (!registration.fenced && sessions.has_expired(which, now)) silent.push_back(which);
    }
    for (const node_id which : silent) fence_broker(into, which);
}

std::optional<runtime::instant> next_fencing(const metadata::image& image,
                                             const broker_sessions& sessions) {
    std::vector<node_id> watched;
    for (const auto& [which, registration] : image.brokers()) {
        if (!registration.fenced) watched.push_back(which);
    }
    return sessions.next_expiry(watched);
}

}  // namespace verdikt::broker::controller
