/// Whether a disk hangs: what was asked of it and has not been answered for too long.
///
/// Pure: it is told when an operation begins and ends, and asked what to make of it. A disk stalls
/// when its oldest operation is older than the timeout. It has thawed once everything has been
/// answered in time again for as long, so that a disk that answers now and then does not make its
/// broker come and go.
///
/// Lives in the directory, and outlives all its operations. Invariant: operations are listed in the
/// order in which they began.
#pragma once

#include "runtime/clock.h"

#include <boost/intrusive/list.hpp>

#include <optional>

namespace verdikt::broker::storage {

class stall_watch {
  public:
    /// One operation under way. Lives in the coroutine that waits for it.
    class operation : public boost::intrusive::list_base_hook<> {
        friend class stall_watch;
        runtime::instant begun_;
    };

    explicit stall_watch(runtime::duration timeout) : timeout_(timeout) {}
    stall_watch(const stall_watch&) = delete;
    stall_watch& operator=(const stall_watch&) = delete;

    void began(operation& which, runtime::instant now);
    /// However it ended. Requires: it began.
    void ended(operation& which, runtime::instant now);

    /// True if `stalled` changed by it.
    [[nodiscard]] bool look(runtime::instant now);
    /// As of the last look.
    [[nodiscard]] bool stalled() const { return stalled_; }
    /// How long the oldest operation has been waited for.
    [[nodiscard]] runtime::duration oldest_age(runtime::instant now) const;

    /// Aborts if an invariant does not hold.
    void check_invariants() const;

  private:
    runtime::duration timeout_;
    boost::intrusive::list<operation> under_way_;
    /// When an operation ended last that had taken too long.
    std::optional<runtime::instant> late_;
    bool stalled_ = false;
};

}  // namespace verdikt::broker::storage
