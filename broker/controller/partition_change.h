/// How a partition changes: the one place where leaders are elected, in-sync sets and eligible
/// replicas kept, and reassignments completed.
///
/// Rules that hold of every change:
/// - A leader comes from the in-sync replicas; if none of them can lead, from the eligible ones
///   (KIP-966), who were in sync when fewer than `min.insync.replicas` remained and therefore have
///   all that was ever acknowledged. It is then the only one in sync.
/// - Only if nobody at all is in sync or eligible may whoever led last lead again; only if the
///   operator or the topic allows it may anybody lead. Both are unclean: the leader is alone in
///   sync, and RECOVERING until it says otherwise (KIP-704).
/// - No replica leaves the in-sync and eligible sets together, unless it may have lost data.
/// - Whoever leads or does not lead anew, and whenever replicas are taken away, the leader epoch
///   rises, so that old leaders and replicas are fenced.
#pragma once

#include "broker/controller/draft.h"
#include "broker/metadata/cluster.h"
#include "kafka/messages/metadata_topic_records.h"
#include "kafka/types.h"

#include <optional>

namespace verdikt::broker::controller {

enum class election {
    online,  ///< Keep the leader if it can lead, else elect one that has all that is acknowledged.
    preferred,  ///< The first replica, if it is in sync; else as `online`.
    unclean,    ///< As `online`, but rather anybody than nobody.
};

/// What to make of a partition. What is not touched stays.
struct partition_change {
    metadata::nodes isr;
    metadata::nodes replicas;
    std::vector<kafka::uuid> directories;
    metadata::nodes adding;
    metadata::nodes removing;
    metadata::recovery_state recovery = metadata::recovery_state::recovered;
    /// May have lost what they acknowledged: neither in sync nor eligible any more.
    metadata::nodes lost;
    /// Have nothing left at all: not even if they led last may they lead again.
    metadata::nodes wiped;
    election elect = election::online;
    /// A record is written even if nothing changes: the partition epoch rises, and whatever was
    /// asked for the one before is void.
    bool even_if_same = false;
};

/// A change that touches nothing yet. Elects as the topic's settings allow.
[[nodiscard]] partition_change change_of(const draft& into,
                                         const metadata::topic& of,
                                         const metadata::partition& present);

/// Works the change out and appends it; if it changes nothing, only where it asks for that.
/// Requires: the partition exists. True if a record was appended.
bool append_change(draft& into,
                   const metadata::topic_partition_id& which,
                   const partition_change& change);

}  // namespace verdikt::broker::controller
