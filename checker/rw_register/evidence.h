/// What every part of the rw-register checker looks at.
#pragma once

#include "checker/rw_register/rw_register_checker.h"
#include "checker/transactions/final_reads.h"
#include "checker/transactions/wording.h"
#include "checker/transactions/writers.h"

namespace verdikt::checker::rw_register {

using transactions::act;
using transactions::none;
using transactions::recording;
using transactions::row;
using transactions::step;

/// A version of a key: a written value by its number, or that the key is unwritten yet.
using version = std::uint32_t;

struct evidence {
    const recording& history;
    const transactions::writers& writers;
    const settings& asked;
    const transactions::wording& words;

    [[nodiscard]] const std::vector<row>& rows() const { return history.rows(); }
    [[nodiscard]] std::uint32_t values() const {
        return static_cast<std::uint32_t>(history.values().size());
    }
    [[nodiscard]] std::uint32_t key_of(const step& one) const {
        return one.what() == act::read_nothing ? std::uint32_t{one.subject}
                                               : history.values().partition_of(one.subject);
    }
    [[nodiscard]] version unwritten(std::uint32_t key) const { return values() + key; }
    [[nodiscard]] version version_of(const step& one) const {
        return one.what() == act::read_nothing ? unwritten(one.subject)
                                               : std::uint32_t{one.subject};
    }
    [[nodiscard]] std::uint32_t key_of_version(version one) const {
        return one < values() ? history.values().partition_of(one) : one - values();
    }
    /// "7 of key x", "key x unwritten".
    [[nodiscard]] std::string text_of(version one) const;
    /// The row whose last write of its key this is, if it may have happened; `none` otherwise.
    [[nodiscard]] std::uint32_t writer_of(version one) const;
};

/// What a transaction shows others of one key.
struct access {
    std::uint32_t key;
    /// `none` where it does not.
    version read = none;
    version written = none;
};

/// Looks at one row after the other.
class access_reader {
  public:
    explicit access_reader(const evidence& seen)
        : seen_(seen), place_(seen.history.keys().size()) {}

    /// One a key, in the order of first steps; valid until the next call. What an operation read
    /// counts only if it succeeded.
    [[nodiscard]] std::span<const access> of(const row& which);

  private:
    const evidence& seen_;
    transactions::per_key<std::uint32_t> place_;
    std::vector<access> accesses_;
};

// Each reports the anomalies that it names; how they are told is said where they are.

/// phantom, G1a, G1b, internal, future-read.
void check_reads(const evidence& seen, findings& into);

/// lost-write, torn-transaction.
void check_final_reads(const evidence& seen, const transactions::final_reads& last, findings& into);

/// One version comes before another of its key.
struct version_pair {
    version before;
    version after;
};
/// cyclic-versions. Returns, by `before`, what follows from the assumptions that hold; that a key
/// begins unwritten is not among it.
[[nodiscard]] std::vector<version_pair> order_versions(const evidence& seen, findings& into);

/// G0, G1c, G-single-item, G-nonadjacent-item, G2-item, and their -process and -realtime variants.
void check_cycles(const evidence& seen, const std::vector<version_pair>& orders, findings& into);

}  // namespace verdikt::checker::rw_register
