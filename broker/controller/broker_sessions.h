/// Which brokers were heard of lately. Soft state: a controller that takes over starts with none,
/// and gives every broker a whole session.
///
/// Pure: time comes in. Invariant: a session belongs to a broker that is registered.
#pragma once

#include "kafka/types.h"
#include "runtime/clock.h"

#include <map>
#include <optional>
#include <vector>

namespace verdikt::broker::controller {

class broker_sessions {
  public:
    struct session {
        runtime::instant expires;
        /// How far the broker has applied the metadata log, as it said last.
        kafka::offset metadata_offset = kafka::no_offset;
        /// While it shuts down: what the others must have applied before it may stop.
        kafka::offset shutdown_offset = kafka::no_offset;
        /// It was told to stop, so its id is free for its next process.
        bool told_to_stop = false;
    };

    explicit broker_sessions(runtime::duration timeout) : timeout_(timeout) {}

    /// A new process: nothing of an earlier one counts for it.
    void start(kafka::node_id which, runtime::instant now);
    /// Renews the session; starts one if there is none.
    session& heard(kafka::node_id which, runtime::instant now, kafka::offset metadata_offset);
    /// Its connection broke: it has `grace` left, or what was left before if that is less.
    void suspect(kafka::node_id which, runtime::instant now, runtime::duration grace);
    void end(kafka::node_id which) { sessions_.erase(which); }
    void clear() { sessions_.clear(); }
    /// The controller itself stood still for so long: no broker is to blame for that.
    void forgive(runtime::duration pause);

    [[nodiscard]] const session* find(kafka::node_id which) const;
    /// Whether a process that was not told to stop holds the id.
    [[nodiscard]] bool is_live(kafka::node_id which, runtime::instant now) const;
    [[nodiscard]] bool has_expired(kafka::node_id which, runtime::instant now) const;
    /// When the next session of one of `which` ends.
    [[nodiscard]] std::optional<runtime::instant> next_expiry(
        const std::vector<kafka::node_id>& which) const;

  private:
    runtime::duration timeout_;
    std::map<kafka::node_id, session> sessions_;
};

}  // namespace verdikt::broker::controller
