/// What the log under trial was asked to promise. The defaults are the safe ones.
#pragma once

#include <cstdint>
#include <optional>

namespace verdikt::checker::log {

/// How consumers get their partitions.
enum class subscription : std::uint8_t { assign, subscribe };

/// Where a message that was polled or sent lies in its partition's order.
enum class positions : std::uint8_t {
    /// At the offset that was told: a duplicate read at its second place is a step forward.
    by_offset,
    /// At the last place of that value, whatever was told, as jepsen.tests.kafka has it: to compare
    /// with.
    by_value,
};

enum class final_reads : std::uint8_t {
    /// A partition was read to its end if the history shows it: see final_reads.h.
    recorded,
    /// Whoever made the history read every partition to its end before it stopped.
    made,
};

/// What holds for the whole run. An operation that says `acks` of its own (recording.h) and did not
/// wait for all is promised neither durability nor idempotence, whatever stands here.
struct settings {
    /// acks=all, min.insync.replicas ≥ 2: what was acknowledged is not lost.
    bool durable = true;
    /// Unclean elections are off.
    bool clean_elections = true;
    /// Idempotent producers.
    bool idempotent = true;
    /// Consumers read what was committed only.
    bool read_committed = true;
    /// The timestamps of records are those of the append.
    bool log_append_time = false;
    /// By default what each process did last counts: `assign` or `subscribe`.
    std::optional<subscription> sub_via;
    final_reads finally = final_reads::recorded;
    positions order = positions::by_offset;
    /// Fewer acknowledged sends, or fewer successful polls, prove nothing.
    std::uint64_t sends_min = 1;
    std::uint64_t polls_min = 1;
};

}  // namespace verdikt::checker::log
