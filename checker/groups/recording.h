/// A history of the members of one group, as far as the checker needs it.
///
/// Operations understood, by `f` (Jepsen's shapes where it has them; what is ours is marked +):
///     subscribe    [k …]; the process is a member from then on, until its last line. With
///                  session-timeout-ms +, max-poll-interval-ms +, and `instance` + of a static one
///     poll         [[:poll {k [[offset v] …]}]], with `rebalance-log` [{:keys [k …]} …], where we
///                  add `event` (`assigned`, `revoked` or `lost`), `time` (ns) and `generation`
///     unsubscribe + as poll, without records: the member leaves
///     commit +     {k next}; `generation` under which it was sent, absent where it changed
///     meanwhile committed +  {k offset}, nil where there is none; `generation` of the member that
///     asks reset +      {k offset}: an administrator sets offsets send         [[:send k [offset
///     v]] …] crash        the process does nothing any more
/// Others are left alone; what the nemesis did counts as a disturbance.
///
/// Certain is that a member owned a partition from its `assigned` to its `revoked` or `lost`, as
/// far as it knew, or to its last line; that a commit which is `ok` took effect between its two
/// lines; that one which `fail`ed never did. One that is `info` may have, at any time until its
/// generation was over, and so may a repetition of one that took long enough for a retry.
///
/// Memory grows with the commits (80 bytes), rebalances (80 a partition) and messages (16).
#pragma once

#include "checker/history/open_operations.h"
#include "checker/history/reader.h"
#include "checker/log/message_table.h"

#include <algorithm>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::checker::groups {

using history::never;
using log::none;

/// A process that subscribed.
struct member {
    std::int64_t process = 0;
    std::int64_t begun = 0;  ///< By line; `_at` is in ns.
    std::int64_t begun_at = 0;
    std::int64_t ended_at = 0;  ///< Its last line.
    /// When it was certainly over; one that falls silent may own its partitions still.
    std::int64_t gone_at = never;
    std::int64_t session_ns = 0;
    std::int64_t poll_interval_ns = 0;
    std::uint32_t instance = none;  ///< Of a static one.
};

/// A member was told that a partition is its own.
struct ownership {
    std::uint32_t member = none;
    std::uint32_t partition = none;
    std::int64_t generation = -1;
    std::int64_t from = 0;    ///< In ns.
    std::int64_t to = never;  ///< When it gave it up; `never` if it was not told to.
    std::int64_t index = 0;   ///< Of the operation in which it was told.
};

struct commit {
    std::uint32_t member = none;
    std::uint32_t partition = none;
    std::int64_t next = 0;
    std::int64_t generation = -1;
    std::int64_t begun = 0;
    std::int64_t ended = never;
    std::int64_t begun_at = 0;
    std::int64_t ended_at = never;
    std::int64_t index = 0;
    history::op_type type = history::op_type::info;
};

/// Somebody saw what is committed: by asking, or by where a member began to read.
struct sight {
    std::uint32_t member = none;
    std::uint32_t partition = none;
    std::int64_t offset = -1;  ///< -1: nothing is committed.
    std::int64_t generation = -1;
    std::int64_t begun = 0;
    std::int64_t ended = 0;
    std::int64_t index = 0;
    /// The offset is that of the first record that a new owner was given, not what it asked for.
    bool resumed = false;
};

struct reset {
    std::uint32_t partition = none;
    std::int64_t begun = 0;
    std::int64_t ended = never;
};

class recording {
  public:
    /// Reads all of it.
    [[nodiscard]] static std::expected<recording, history::malformed> read(
        history::operation_reader& from);

    std::uint64_t operations = 0;
    std::uint64_t rebalances = 0;
    log::name_table partitions;
    std::vector<member> members;
    std::vector<ownership> ownerships;  ///< In the order in which they were told.
    std::vector<commit> commits;        ///< In the order in which they ended; no failed ones.
    std::vector<sight> sights;
    std::vector<reset> resets;
    /// By partition: the offsets that hold messages, sorted, each once.
    std::vector<std::vector<std::int64_t>> messages;
    /// Until when the member certainly had it, as far as it knew.
    [[nodiscard]] std::int64_t surely_until(const ownership& one) const {
        return one.to != never ? one.to : std::max(one.from, members[one.member].ended_at);
    }
    /// Until when it may have had it.
    [[nodiscard]] std::int64_t perhaps_until(const ownership& one) const {
        return std::min(one.to, members[one.member].gone_at);
    }

    /// Partitions that some member subscribed to.
    std::vector<bool> subscribed;
    /// When somebody disturbed the group: the nemesis, or a member that came or went. In order; the
    /// end of the history is the last.
    std::vector<std::int64_t> disturbances;
};

}  // namespace verdikt::checker::groups
