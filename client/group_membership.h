/// One member of a consumer group, classic protocol: what it must do next, and what it owns.
///
/// Pure: time is passed in. Requests are sent by a coroutine that asks `next_request`; the program
/// is told of changes by `poll`, which asks `news`. While there is news, no join is sent: what is
/// to be given up is given up first (eagerly all of it, KIP-429: only what is taken away).
///
///     unjoined ─▶ leaving_behind ─▶ joining ─▶ syncing ─▶ taking_over ─▶ stable
///                      ▲                                                   │ heartbeat says
///                      rebalance, └───────────────────────────────────────────────────┘ or the
///                      subscription changed
///
/// Invariants: `owned` changes only by the methods that tell the program; a heartbeat is sent only
/// with a generation; after a fatal error nothing is sent.
#pragma once

#include "client/error.h"
#include "client/group_protocol.h"
#include "runtime/clock.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace verdikt::client {

struct membership_options {
    std::string group_id;
    std::optional<std::string> instance_id = {};
    runtime::duration session_timeout = std::chrono::seconds(45);
    runtime::duration poll_interval_max = std::chrono::minutes(5);
    runtime::duration heartbeat_interval = std::chrono::seconds(3);
    bool cooperative = false;  ///< All assignors are.
};

class group_membership {
  public:
    using partitions = std::set<topic_partition>;

    enum class phase { unjoined, leaving_behind, joining, syncing, taking_over, stable };
    enum class request { none, join, sync, heartbeat, leave };
    enum class news { none, revoked, lost, assigned };

    explicit group_membership(membership_options options) : options_(std::move(options)) {}

    // What the program does.
    void subscribe(std::set<std::string> topics);
    void polled(runtime::instant now);
    /// Called by `poll`: if the group must be joined anew, begins with what must be given up first.
    void advance();
    /// No more members of this group here; what is owned becomes news (revoked).
    void unsubscribe();
    /// Something made the assignment outdated (partitions were added, say).
    void request_rejoin() { rejoin_ = true; }

    /// The coordinator answered REBALANCE_IN_PROGRESS: the group is being joined anew.
    void rebalance_announced();

    // What the sender does.
    [[nodiscard]] request next_request(runtime::instant now) const;
    /// When `next_request` may change by time alone.
    [[nodiscard]] std::optional<runtime::instant> next_change() const;
    void sending(request what, runtime::instant now);
    void joined(std::string member_id, std::int32_t generation, bool leads, std::string protocol);
    void synced(partitions assigned, runtime::instant now);
    void heartbeat_answered(runtime::instant now);
    void left();
    /// An answer with an error, to whichever request.
    void refused(request what, kafka::error_code code, std::string member_id, runtime::instant now);
    /// No answer; it is asked again after `again_at`.
    void unanswered(request what, runtime::instant again_at);

    // What the program is told.
    [[nodiscard]] news next_news() const;
    /// Whom `next_news` is about.
    [[nodiscard]] const partitions& subject() const { return subject_; }
    /// The program knows; ownership is as told.
    void told();

    /// The group has still to be told that this member is gone.
    [[nodiscard]] bool leaving() const { return leave_; }
    [[nodiscard]] phase state() const { return phase_; }
    [[nodiscard]] const partitions& owned() const { return owned_; }
    [[nodiscard]] const std::string& member_id() const { return member_id_; }
    [[nodiscard]] std::int32_t generation() const { return generation_; }
    [[nodiscard]] bool leads() const { return leads_; }
    [[nodiscard]] const std::string& protocol() const { return protocol_; }
    [[nodiscard]] subscription wants() const;
    [[nodiscard]] const membership_options& options() const { return options_; }
    /// Nothing can go on until the program does something about it.
    [[nodiscard]] const std::optional<error>& fatal() const { return fatal_; }

    void check_invariants() const;

  private:
    void begin_rejoin();
    void announce(news what, partitions about);
    void after_news();
    void fenced(bool keep_member_id);
    [[nodiscard]] partitions no_longer_wanted() const;

    membership_options options_;
    std::set<std::string> topics_;
    bool subscribed_ = false;
    bool rejoin_ = false;
    bool is_new_process_ = false;  ///< The join under way is its first, as far as it knows.
    bool leave_ = false;
    phase phase_ = phase::unjoined;
    std::string member_id_;
    std::int32_t generation_ = -1;
    bool leads_ = false;
    std::string protocol_;
    partitions owned_;
    partitions target_;  ///< Assigned, and not yet all told.
    bool assignment_told_ = true;
    news news_ = news::none;
    partitions subject_;
    bool under_way_ = false;
    runtime::instant not_before_{};
    runtime::instant last_heartbeat_{};
    runtime::instant last_poll_{};
    std::optional<error> fatal_;
};

}  // namespace verdikt::client
