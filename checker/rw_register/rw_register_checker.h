/// Judges a history of transactions that write and read registers, as Elle's rw-register does.
///
/// A register tells nothing of its past, so of the order of its versions only this is known: a key
/// begins unwritten, offsets rise where the history tells them (recording.h), and what was assumed
/// of it. Everybody may assume that a transaction writes a key after it read it
/// (`writes_follow_reads`), that each process sees a key's versions in order (`sequential_keys`),
/// or that all see them in the order of real time (`linearizable_keys`). An assumption that
/// contradicts what was seen is a `cyclic-versions`, and is then not made.
///
/// From there: who wrote a version precedes who read it (wr) and who wrote a later one (ww), and
/// who read a version precedes who wrote a later one (rw). Only a transaction's first read of a key
/// that it did not write before, and its last write of a key, count for this.
///
/// docs/checker.md lists the anomalies and where this checker and Elle differ. Takes time and
/// memory in proportion to the history.
#pragma once

#include "checker/transactions/consistency_model.h"
#include "checker/transactions/final_reads.h"
#include "checker/transactions/recording.h"
#include "checker/verdict/judgement.h"

namespace verdikt::checker::rw_register {

struct settings {
    transactions::consistency_model model;
    bool writes_follow_reads = false;
    bool sequential_keys = false;
    bool linearizable_keys = false;
    /// Makes a run of too little inconclusive.
    transactions::run_floor least = {};
};

[[nodiscard]] std::expected<transactions::recording, history::malformed> read(
    history::operation_reader& from);

[[nodiscard]] judgement check(const transactions::recording& history, const settings& asked);

}  // namespace verdikt::checker::rw_register
