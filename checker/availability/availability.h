/// How available a system was while things broke, and how soon it served again.
///
/// These are facts, not promises: Kafka promises no time in which a leader is elected. One thing is
/// said of the run as a whole (`judge`): whether it made any progress once everything was healed.
///
/// Who asks for what: each kind of operation (its `f`) is a service; writes to each partition are
/// one (what an operation that begins says it will send, append or write); all writes together are
/// one; and so is everything together. What needs no cluster (`assign`, `crash`, …) is none. A poll
/// that returns no records proves nothing either way.
///
/// In one pass, in memory that grows with what is asked at one time, and with the disturbances.
#pragma once

#include "checker/availability/service.h"
#include "checker/history/operation.h"
#include "checker/history/reader.h"
#include "checker/verdict/judgement.h"

#include <cstdint>
#include <deque>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace verdikt::checker::availability {

/// Something that was broken, in nanoseconds of the history.
struct disturbance {
    std::string kind;  ///< `packet-loss`
    std::int64_t from = 0;
    std::int64_t healed = 0;  ///< `from` of what is over at once.
};

struct measured {
    std::vector<disturbance> disturbances;
    /// Of each service `from_moments`, by disturbance: at 2n the n-th begins, at 2n + 1 it is
    /// healed.
    std::vector<service> kinds;       ///< By name.
    std::vector<service> partitions;  ///< By key. Beyond `partitions_max` none are watched.
    service writes;
    service all;
    /// The first writes that began after the last disturbance was healed, by `index`, if none
    /// of them succeeded.
    std::vector<std::int64_t> unanswered_writes;
};

/// Takes a history line by line.
class watch {
  public:
    static constexpr std::size_t kinds_max = 32;
    static constexpr std::size_t partitions_max = 64;

    explicit watch(std::vector<disturbance> disturbances);
    watch(const watch&) = delete;
    watch& operator=(const watch&) = delete;

    void take(const history::operation& line);
    /// Leaves nothing behind.
    [[nodiscard]] measured finish();

  private:
    struct seat {
        bool open = false;
        bool writes = false;
        std::int64_t begun = 0;
        std::vector<service_watch*> asks;
    };

    void begin(const history::operation& line);
    void end(seat& who, answer how);
    void ask_for_partitions(const history::operation& line, seat& who);
    [[nodiscard]] service_watch* kind_of(const std::string& f);
    [[nodiscard]] service_watch* partition_of(const std::string& key);
    void note_write(std::int64_t index);

    std::vector<disturbance> disturbances_;
    std::vector<std::int64_t> moments_;       ///< Rising.
    std::vector<std::size_t> moment_places_;  ///< By moment of `from_moments`, where it stands.
    std::int64_t healed_at_ = 0;
    std::int64_t now_ = 0;

    std::deque<service_watch> watches_;  ///< Each stays where it is.
    std::map<std::string, service_watch*> kinds_;
    std::map<std::string, service_watch*> partitions_;
    service_watch* writes_ = nullptr;
    service_watch* all_ = nullptr;
    std::unordered_map<std::int64_t, seat> by_process_;
    std::vector<std::int64_t> unanswered_writes_;
    bool wrote_since_ = false;  ///< A write that began after the last heal succeeded.
};

/// Reads the whole history.
[[nodiscard]] std::expected<measured, history::malformed> measure(
    history::operation_reader& history, std::vector<disturbance> disturbances);

/// Gives every operation on, and shows it to a watch.
class watched_reader final : public history::operation_reader {
  public:
    watched_reader(history::operation_reader& from, watch& by) : from_(from), by_(by) {}

    std::expected<bool, history::malformed> next(history::operation& into) override;
    [[nodiscard]] bool cut_short() const override { return from_.cut_short(); }

  private:
    history::operation_reader& from_;
    watch& by_;
};

/// For so long nothing may succeed, though it is asked for, once everything is healed. Longer than
/// what sessions, requests and elections take by default, one after another.
inline constexpr std::int64_t progress_within = 30'000'000'000;

/// Whether there was progress after the last disturbance. Its lack is a doubt (`no-progress`), for
/// no time is promised; everything else is counted.
[[nodiscard]] judgement judge(const measured& what);

}  // namespace verdikt::checker::availability
