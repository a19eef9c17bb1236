/// A follower of a partition for one leader epoch: what to fetch, what to cut, what is committed.
///
/// Pure. Lives from a leader change to the next; `partition_replica` owns it. It does one thing at
/// a time: a fetch, or an operation on its log. So a fetch always starts at the end of the log, and
/// in durable mode at a durable end: the offset that it fetches from is what it claims to hold.
///
/// The log is cut only where the leader's epochs say that it differs (KIP-101, KIP-279), never at
/// the high watermark, which is one round late: records above it may be committed. The cut is
/// durable before anything is appended after it.
///
/// Invariants: the high watermark is at most the log end; while the log is being changed, no fetch
/// is under way.
#pragma once

#include "broker/replication/effects.h"
#include "broker/replication/log_view.h"
#include "broker/replication/partition_state.h"
#include "broker/replication/settings.h"
#include "kafka/error_codes.h"
#include "kafka/types.h"
#include "runtime/clock.h"

#include <optional>

namespace verdikt::broker::replication {

/// The records of an answer, as their batch headers have them.
struct fetched_records {
    kafka::offset first;
    kafka::offset last;
    kafka::leader_epoch newest_epoch;
};

struct fetch_answer {
    fetch_number number;
    /// `network_exception` if there is none.
    kafka::error_code error = kafka::error_code::none;
    std::optional<storage::epoch_end> diverging = {};
    kafka::offset high_watermark = kafka::no_offset;
    kafka::offset log_start = kafka::no_offset;
    std::optional<fetched_records> records = {};
};

struct leader_bounds {
    fetch_number number;
    kafka::error_code error = kafka::error_code::none;
    kafka::offset start = kafka::no_offset;
    kafka::offset end = kafka::no_offset;
};

/// Where the log of a follower has to be cut, given what its leader has of the newest epoch that
/// both may share. Records below it may still differ: the next fetch tells.
[[nodiscard]] kafka::offset truncation_point(const storage::epoch_end& leader_has,
                                             const log_view& log);

class partition_follower {
  public:
    /// Fetches are numbered from `last_number` on, so that no answer to an earlier follower of the
    /// partition is taken for one to this.
    partition_follower(const replica_settings& settings,
                       const partition_state& state,
                       kafka::offset high_watermark,
                       fetch_number last_number);

    // ---- Events.

    /// Does what is due: at the start, as time goes by, and when the log becomes durable.
    void proceed(const log_view& log, runtime::instant now, effects& out);
    void fetch_answered(const fetch_answer& answer,
                        const log_view& log,
                        runtime::instant now,
                        effects& out);
    void leader_bounds_answered(const leader_bounds& answer,
                                const log_view& log,
                                runtime::instant now,
                                effects& out);
    /// The append, cut, restart or deletion that was asked for is done.
    void log_settled(const log_view& log, runtime::instant now, effects& out);
    void configure(const replica_settings& settings) { settings_ = settings; }

    // ---- State.

    [[nodiscard]] kafka::offset high_watermark() const { return high_watermark_; }
    /// It waits for the log to become durable, or for the time to try again.
    [[nodiscard]] bool is_idle() const { return phase_ == phase::idle; }
    [[nodiscard]] bool is_settling() const { return phase_ == phase::settling; }
    /// The leader belongs to a newer epoch: only metadata helps.
    [[nodiscard]] bool is_fenced() const { return phase_ == phase::fenced; }
    [[nodiscard]] fetch_number last_number() const { return last_number_; }

    void check_invariants(const log_view& log) const;

  private:
    enum class phase { idle, fetching, asking_bounds, settling, fenced };

    [[nodiscard]] bool is_answer_to(fetch_number number, phase asked) const;
    void back_off(runtime::instant now, milliseconds span);
    void refused(kafka::error_code error, runtime::instant now, effects& out);
    void ask_bounds(effects& out);
    void diverged(const storage::epoch_end& leader_has,
                  kafka::offset leader_log_start,
                  const log_view& log,
                  runtime::instant now,
                  effects& out);
    void truncate(kafka::offset to, effects& out);
    void restart(kafka::offset at, effects& out);
    /// Takes over what the leader said last, as far as the log reaches.
    void follow_marks(const log_view& log, effects& out);

    replica_settings settings_;
    kafka::node_id leader_;
    kafka::leader_epoch epoch_;
    kafka::offset high_watermark_;
    fetch_number last_number_;
    phase phase_ = phase::idle;
    runtime::instant retry_at_{};
    kafka::offset fetches_from_ = kafka::no_offset;  ///< Of the fetch under way.
    /// All of the log is foreign to the leader.
    bool shares_nothing_ = false;
    kafka::offset leader_high_watermark_ = kafka::no_offset;
    kafka::offset leader_log_start_ = kafka::no_offset;
};

}  // namespace verdikt::broker::replication
