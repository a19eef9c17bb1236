#include "broker/controller/broker_sessions.h"

#include <algorithm>

namespace verdikt::broker::controller {

void broker_sessions::start(kafka::node_id which, runtime::instant now) {
    sessions_.insert_or_assign(which, session{.expires = now + timeout_});
}

broker_sessions::session& broker_sessions::heard(kafka::node_id which,
                                                 runtime::instant now,
                                                 kafka::offset metadata_offset) {
    session& found = sessions_[which];
    found.expires = now + timeout_;
    // Heartbeats may overtake one another on their way.
    found.metadata_offset = std::max(found.metadata_offset, metadata_offset);
    return found;
}

void broker_sessions::suspect(kafka::node_id which, runtime::instant now, runtime::duration grace) {
    const auto found = sessions_.find(which);
    if (found != sessions_.end())
        found->second.expires = std::min(found->second.expires, now + grace);
}

void broker_sessions::forgive(runtime::duration pause) {
    for (auto& [which, of] : sessions_) of.expires += pause;
}

const broker_sessions::session* broker_sessions::find(kafka::node_id which) const {
    const auto found = sessions_.find(which);
    return found == sessions_.end() ? nullptr : &found->second;
}

bool broker_sessions::is_live(kafka::node_id which, runtime::instant now) const {
    const session* found = find(which);
    return found != nullptr && !found->told_to_stop && now < found->expires;
}

bool broker_sessions::has_expired(kafka::node_id which, runtime::instant now) const {
    const session* found = find(which);
    return found == nullptr || now >= found->expires;
}

std::optional<runtime::instant> broker_sessions::next_expiry(
    const std::vector<kafka::node_id>& which) const {
    std::optional<runtime::instant> earliest;
    for (const kafka::node_id each : which) {
        const session* found = find(each);
        if (found != nullptr && (!earliest || found->expires < *earliest))
            earliest = found->expires;
    }
    return earliest;
}

}  // namespace verdikt::broker::controller
