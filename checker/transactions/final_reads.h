/// What the last reads of a history went without.
///
/// Of each key the last read counts that succeeded and says `final` (recording.h). What a
/// successful transaction wrote to the key, or somebody read of it, before that read began has to
/// be in it (lost-write). So has what a transaction of unknown outcome wrote there, if anything
/// else of it was ever read: it was committed then, and all of it lay in the log before that
/// (torn-transaction).
#pragma once

#include "checker/transactions/consistency_model.h"
#include "checker/transactions/recording.h"
#include "checker/transactions/writers.h"
#include "checker/verdict/findings.h"

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace verdikt::checker::transactions {

using key_of_step = std::function<std::uint32_t(const step&)>;

class final_reads {
  public:
    final_reads(const recording& history, const key_of_step& key_of);

    struct place {
        /// `none`: nobody read the key at last.
        std::uint32_t row = none;
        /// Of the step in its row.
        std::uint32_t position = 0;
    };
    [[nodiscard]] const place& of(std::uint32_t key) const { return by_key_[key]; }

  private:
    std::vector<place> by_key_;
};

/// What became of each value, by its number.
struct sightings {
    /// The first successful row that read it, or `none`.
    std::vector<std::uint32_t> first_reader;
    /// There is a final read of its key, which lacks it.
    std::vector<bool> missing;
    /// What such a read did, with the value as its object.
    std::string_view lacked_it;
};

/// lost-write, torn-transaction.
void check_final_reads(const recording& history,
                       const writers& wrote,
                       const final_reads& last,
                       const sightings& seen,
                       const consistency_model& model,
                       findings& into);

/// How much a run has to have done for its verdict to mean something.
struct run_floor {
    /// Successful transactions that wrote, and that read.
    std::uint64_t writes_min = 0;
    std::uint64_t reads_min = 0;
    /// Every key that a successful transaction wrote was read at last.
    bool final_reads = false;
};

/// Doubts what is below it.
void doubt_thin_run(const recording& history,
                    const final_reads& last,
                    const key_of_step& key_of,
                    const run_floor& least,
                    findings& into);

}  // namespace verdikt::checker::transactions
