/// One wait of a simulated process: for a timer, bytes, a connection, a disk.
///
/// Lives in the waiting coroutine. It is listed with its process, so that the death of the process
/// ends every wait with `operation_aborted`, those included that no cancellation interrupts.
#pragma once

#include "runtime/awaitable.h"
#include "runtime/wait_point.h"

#include <boost/intrusive/list.hpp>

namespace verdikt::runtime::sim {

[[noreturn]] inline void throw_aborted() {
    throw boost::system::system_error(boost::asio::error::operation_aborted);
}

using unlinked_on_death =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

template <typename T>
using linked_list = boost::intrusive::list<T, boost::intrusive::constant_time_size<false>>;

class pending_wait : public unlinked_on_death {
  public:
    pending_wait() = default;
    pending_wait(const pending_wait&) = delete;
    pending_wait& operator=(const pending_wait&) = delete;

    /// Wakes the waiter; what it waited for is there. Again is no error.
    void finish() { wake(outcome::finished); }
    /// The process died.
    void abort() { wake(outcome::aborted); }

    /// Await it in place, then call `settle`. A caller that may be cancelled looks before whether
    /// it has been.
    auto arrival() { return woken_.arrival(true); }
    /// For operations whose buffers are in use until they are over.
    auto arrival_uncancellable() { return woken_.arrival(false); }
    /// Throws `operation_aborted` if the process died.
    void settle() {
        if (woken_.take() == outcome::aborted) throw_aborted();
    }

  protected:
    ~pending_wait() = default;

  private:
    enum class outcome { finished, aborted };

    void wake(outcome how) {
        if (!woken_.has_value()) woken_.deliver(how);
    }

    wait_point<outcome> woken_;
};

/// Names the wait in `slot` while it lives, so that the other side can find and finish it.
class listed_wait final : public pending_wait {
  public:
    explicit listed_wait(pending_wait*& slot) : slot_(slot) {
        CHECK(slot == nullptr, "two coroutines wait for the same thing");
        slot = this;
    }
    ~listed_wait() { slot_ = nullptr; }

  private:
    pending_wait*& slot_;
};

}  // namespace verdikt::runtime::sim
