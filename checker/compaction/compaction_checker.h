/// Judges a history of keyed records in partitions that are cleaned: is all there that has to be?
///
/// What is certain: an offset names one record for ever, and a read that got from the beginning of
/// a partition to an end that its leader told has passed every offset below. So of each key the
/// record that lies highest below that end must be in the read, unless
///     it was displaced   by a record of its key that lies at or above the end and was being sent
///                        before the read ended; or by one of which nobody knows where it lies,
///     it is a tombstone  whose time was up (delete.retention.ms after it was first sent),
///     it was deleted     by delete-records.
/// A record whose sender does not know what became of it may have displaced another. Where it is
/// the only one that could, and its sender had given up before the read began, it is a doubt.
///
///     compacted-too-much   that record is missing
///     resurrected          it is a tombstone and missing, and an older record of its key is there
///                          (inferred: which replicas the reader saw nobody recorded)
///     retained-too-little  in a partition that is not compacted: a record is missing that is
///                          younger than retention.ms
///     log-start-went-back  a log begins below what an acknowledged delete-records told; without
///                          one it is reported as seen: each replica removes for itself
///     phantom, G1a         a read returned what nobody sent, or what certainly was not stored
///
/// Ages are counted from the moment at which the send began, less `settings::clock_error`: who
/// removes goes by its own clock.
///
/// Takes time in proportion to the history and, for each full read, to the keys that its partition
/// ever had.
#pragma once

#include "checker/compaction/recording.h"
#include "checker/compaction/settings.h"
#include "checker/verdict/judgement.h"

namespace verdikt::checker::compaction {

[[nodiscard]] judgement check(const recording& history, const settings& asked);

}  // namespace verdikt::checker::compaction
