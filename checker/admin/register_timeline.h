/// What one register may have held when, and who was first seen to know.
///
/// Every question is answered in time that grows with the logarithm of its writes at most. Claims
/// and lines are those of the recording, which must outlive this object.
#pragma once

#include "checker/admin/recording.h"

#include <cstdint>
#include <vector>

namespace verdikt::checker::admin {

class register_timeline {
  public:
    explicit register_timeline(const written_register& of) : of_(of) {}

    /// `shown[claim]` is the first answer that makes the claim, null where none does.
    /// `writers[claim]` is how many writes it has.
    void find_proofs(const std::vector<const answer*>& shown,
                     const std::vector<std::uint32_t>& writers);

    /// The last write that was acknowledged before the line; null if there is none.
    [[nodiscard]] const write* last_acknowledged_before(std::int64_t line) const {
        return last_before(acknowledged_, line);
    }
    /// The same, or proven before it by an answer that shows what only it can have written.
    [[nodiscard]] const write* last_proven_before(std::int64_t line) const {
        return last_before(proven_, line);
    }
    /// Of all that were acknowledged; what was there before does not count.
    [[nodiscard]] const write* last_acknowledged() const;

  private:
    [[nodiscard]] const write* last_before(const std::vector<std::int64_t>& soonest,
                                           std::int64_t line) const;

    const written_register& of_;
    /// Of each write and all after it: when the first was acknowledged, or proven at all.
    std::vector<std::int64_t> acknowledged_;
    std::vector<std::int64_t> proven_;
};

/// Of each claim the writes that can have made it true.
class claimed_writes {
  public:
    explicit claimed_writes(const recording& history);

    /// By claim.
    [[nodiscard]] const std::vector<std::uint32_t>& counts() const { return counts_; }
    /// The first that began before the line; null if there is none.
    [[nodiscard]] const write* first_of(std::uint32_t claim, std::int64_t line) const;
    /// Whether one that began before `line` may have happened after `since`.
    [[nodiscard]] bool may_have_come_after(std::int64_t since,
                                           std::uint32_t claim,
                                           std::int64_t line) const;

  private:
    struct entry {
        const write* what = nullptr;
        /// Of it and those of that claim before it: the last acknowledgement.
        std::int64_t latest = 0;
    };

    std::vector<std::uint32_t> counts_;
    /// By claim: where its writes begin in `entries_`, where they stand by `begun`.
    std::vector<std::uint32_t> begins_;
    std::vector<entry> entries_;
};

}  // namespace verdikt::checker::admin
