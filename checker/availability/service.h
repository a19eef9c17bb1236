/// What was available of one service, as those who asked for it saw it.
///
/// A service is whatever is asked for again and again: operations of one kind, writes to one
/// partition. It is *asked for* from the moment an operation begins until it has been quiet, with
/// nothing open, for longer than `quiet_max`; shorter pauses belong to it. An *outage* is a stretch
/// of that in which nothing succeeded: it begins with the first operation that nobody has answered
/// yet, and ends with the next success, or where nobody asks any more.
///
/// Pure, and its memory does not grow with the number of operations.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace verdikt::checker::availability {

/// Stretches without a success that are shorter than this are how a busy service works.
inline constexpr std::int64_t outage_min = 500'000'000;
inline constexpr std::int64_t quiet_max = 1'000'000'000;

struct outage {
    std::int64_t from = 0;
    std::int64_t to = 0;
    /// By a success. If not, nobody asked any more, or the history ends.
    bool ended = true;

    [[nodiscard]] std::int64_t length() const { return to - from; }
    friend bool operator==(const outage&, const outage&) = default;
};

/// How long one had to wait for a success. Those that never came are longer than any that did.
struct delay {
    bool never = false;
    /// If it never came: how long it was waited for.
    std::int64_t length = 0;

    friend auto operator<=>(const delay&, const delay&) = default;
};

struct service {
    std::string name;  ///< `send`; a partition's key.
    std::uint64_t begun = 0;
    std::uint64_t succeeded = 0;
    std::int64_t asked_for = 0;  ///< How long, in nanoseconds.
    std::int64_t out = 0;        ///< How much of that was outages.
    std::uint64_t outages = 0;
    std::optional<outage> longest;
    /// By moment: from then on, or from when it was first asked for, to the end of the first
    /// success that began no earlier than the moment. Nothing where that cannot be told, because
    /// nobody asked, or nobody was refused and nobody began anew.
    std::vector<std::optional<delay>> from_moments;

    /// 1 where nobody asked.
    [[nodiscard]] double share_available() const;
};

enum class answer : std::uint8_t {
    success,
    refusal,  ///< Also an outcome that nobody knows.
    /// It proves nothing either way: a poll that found no records.
    nothing,
};

/// Watches one service. Times never go back; those of one operation are given to `begin` and `end`.
class service_watch {
  public:
    /// `moments` rise, and outlive it.
    service_watch(std::string name, std::span<const std::int64_t> moments);

    void begin(std::int64_t at);
    /// Requires: as many have begun as end.
    void end(std::int64_t begun, std::int64_t at, answer how);
    /// What has not ended by then never did.
    [[nodiscard]] service finish(std::int64_t at);

  private:
    void pass_moments(std::int64_t up_to, std::int64_t asked_at);
    void answer_moments(std::int64_t begun, std::int64_t at);
    void close_gap(std::int64_t at, bool by_success);
    void close_stretch(std::int64_t at);
    void give_up_on_moments(std::int64_t at);

    service made_;
    std::span<const std::int64_t> moments_;
    std::vector<std::int64_t> asked_at_;  ///< By moment, of those that passed.
    std::size_t answered_ = 0;            ///< So many of the first moments are.

    std::uint64_t open_ = 0;
    std::int64_t last_end_ = 0;
    std::optional<std::int64_t> last_refusal_;
    std::optional<std::int64_t> stretch_since_;
    /// Since when something is asked for and nothing succeeds.
    std::optional<std::int64_t> unanswered_since_;
    bool refused_ = false;  ///< Since then.
};

}  // namespace verdikt::checker::availability
