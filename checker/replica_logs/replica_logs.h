/// Whether the replicas of a partition hold the same log, once everything was healed and stopped.
///
/// What every replica knows to be committed lies below the lowest of their high watermarks, and
/// there they must hold the same batches, byte by byte: as a batch carries a checksum of its
/// content, its offsets, leader epoch, size and checksum tell. Compaction rewrites batches, and
/// each replica compacts for itself, so of a compacted partition only records are compared that
/// both still have. Above the high watermark they may differ: nobody was promised anything of it.
///
/// Of the quorum's metadata log no replica stores how much is committed. There Raft's log matching
/// must hold (Ongaro and Ousterhout 2014, section 5.3): logs that have a batch of the same offset
/// and epoch are the same up to it. What lies behind the last such batch may differ.
///
/// Pure: whoever read the files fills in plain structs. It knows nothing of brokers.
#pragma once

#include "checker/verdict/judgement.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::checker::replica_logs {

struct batch {
    std::int64_t first = 0;  ///< Offsets.
    std::int64_t last = 0;
    std::int32_t epoch = 0;
    std::uint32_t checksum = 0;
    std::uint64_t size = 0;
    std::string details = {};  ///< For people: who produced it, what kind it is.

    [[nodiscard]] bool same_as(const batch& other) const {
        return first == other.first && last == other.last && epoch == other.epoch &&
               checksum == other.checksum && size == other.size;
    }
};

struct record {
    std::int64_t offset = 0;
    std::uint64_t content = 0;  ///< A digest of all that compaction keeps.

    friend bool operator==(const record&, const record&) = default;
};

/// Where a log could not be read any further.
struct damage {
    std::int64_t offset = 0;  ///< The first that is not readable.
    std::string why;
};

/// One replica, offsets rising.
struct replica {
    std::int32_t node = 0;
    /// Nothing below is compared: what is there may be gone already.
    std::int64_t start = 0;
    /// Nothing where it is not stored.
    std::optional<std::int64_t> high_watermark = 0;
    std::vector<batch> batches = {};
    std::vector<record> records = {};  ///< Of compacted partitions alone.
    std::optional<damage> damaged = {};
};

struct partition {
    std::string name;  ///< `orders/0`
    bool compacted = false;
    std::vector<replica> replicas;
};

/// A batch of one replica near a difference.
struct slice_line {
    std::string text;
    bool differs = false;

    friend bool operator==(const slice_line&, const slice_line&) = default;
};

struct node_slice {
    std::int32_t node = 0;
    std::vector<slice_line> lines;

    friend bool operator==(const node_slice&, const node_slice&) = default;
};

struct difference {
    std::string partition;
    std::int64_t offset = 0;              ///< The lowest at which two replicas differ.
    std::string what;                     ///< A sentence.
    std::vector<node_slice> slices = {};  ///< What each node has around there.

    friend bool operator==(const difference&, const difference&) = default;
};

/// All partitions of a cluster.
struct comparison {
    static constexpr std::size_t differences_max = 16;

    std::string not_made_because = {};         ///< Empty if it was made.
    std::uint64_t partitions = 0;              ///< With something to compare.
    std::uint64_t batches = 0;                 ///< Of the first replica of each.
    std::uint64_t records = 0;                 ///< Of compacted partitions: that two still have.
    std::uint64_t differing = 0;               ///< Partitions.
    std::vector<difference> differences = {};  ///< The first of them.

    /// Compares its replicas, and counts.
    void add(const partition& one);

    friend bool operator==(const comparison&, const comparison&) = default;
};

/// The lowest offset at which two replicas differ, with what each has around there.
[[nodiscard]] std::optional<difference> first_difference(const partition& of);

/// `logs-differ`: a violation if it is promised, else reported as seen.
[[nodiscard]] judgement judge(const comparison& what, bool promised);

}  // namespace verdikt::checker::replica_logs
