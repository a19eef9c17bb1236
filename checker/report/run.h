/// Everything about a run that its report shows and its history does not hold.
///
/// Plain data, filled in by whoever made the run. What is left empty is left out of the report; the
/// verdict, the test's name and the command are always shown. All times are those of the history:
/// nanoseconds since the run began, by its monotonic clock.
#pragma once

#include "checker/replica_logs/replica_logs.h"
#include "checker/verdict/judgement.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdikt::checker::report {

/// Names and values, in the order in which they are shown.
using named_values = std::vector<std::pair<std::string, std::string>>;

/// What one host tells of a fault that it was given.
struct host_evidence {
    std::string host;  ///< `node 2`, `clients`.
    bool bit = false;
    std::string text;  ///< `231 packets dropped`
};

enum class fault_outcome : std::uint8_t {
    healed,   ///< It was there from `from` to `to`.
    skipped,  ///< Nobody held the role that it was aimed at.
    failed,   ///< A host did not do as it was told.
};

[[nodiscard]] std::string_view name_of(fault_outcome outcome);

/// One step of the schedule, from its first act to the end of its undoing.
struct fault_span {
    std::string kind;     ///< `packet-loss`; faults are counted by it.
    std::string family;   ///< `process`, `network`, `shaping`, `disk`, `client`: a colour each.
    std::string what;     ///< `packet-loss(loss_percent=20) of leader:orders/0`
    std::string targets;  ///< `node 2`
    std::int64_t from = 0;
    std::int64_t to = 0;  ///< `from` of what is over at once.
    bool bit = false;
    fault_outcome outcome = fault_outcome::healed;
    std::vector<host_evidence> evidence = {};
    std::string detail = {};  ///< Why it was skipped or failed.
};

/// Somebody led something under one epoch, as somebody saw it.
struct leadership {
    std::string of;  ///< `orders/0`, `controller`: a band each, in the order of first mention.
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::int32_t leader = -1;  ///< The node's number; -1: nobody.
    std::int32_t epoch = -1;   ///< -1: unknown.
};

/// What one checker said.
struct opinion {
    std::string checker;  ///< `log`, `elle`, …
    judgement said;
};

struct run {
    std::string test;  ///< `queue`
    /// Of the run as a whole.
    verdict says = verdict::valid;
    /// What whoever made the run says of it, whatever its history shows: that the lab failed, that
    /// a fault never bit. `judged` makes `says` of it and the opinions.
    verdict trial_says = verdict::valid;
    /// Sentences: why it is inconclusive, what the lab could not do, what crashed. The doubts of
    /// the opinions are shown besides.
    std::vector<std::string> reasons;
    std::vector<opinion> opinions;

    std::int64_t began_at = 0;  ///< Wall time of time 0, in nanoseconds since 1970. 0: unknown.
    std::uint64_t seed = 0;
    /// Runs it again; one line for a shell.
    std::string command;
    /// `acks` `all`, `isolation.level` `read_committed`, …: what the guarantees depend on comes
    /// first.
    named_values settings;
    named_values versions;  ///< Of Verdikt, the system under trial, the kernel, the lab.

    std::vector<fault_span> faults;
    std::vector<leadership> leaders;
    /// Of the logs of all nodes at the end, where they could be looked at.
    std::optional<replica_logs::comparison> replicas;
};

/// A finding and whose it is. Points into a run.
struct told_finding {
    const opinion* by = nullptr;
    const finding* what = nullptr;
};

/// `which`: violations or allowed. Of all checkers together, the worst first.
[[nodiscard]] std::vector<told_finding> findings_of(const run& what,
                                                    std::vector<finding> judgement::* which);

/// The worst of its parts; a proven violation stands whatever else went wrong.
[[nodiscard]] verdict judged(const run& what);

}  // namespace verdikt::checker::report
