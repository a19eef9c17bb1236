/// A Fetch that waits until one of its partitions has something new.
///
/// One wait stands in the lists of many partitions, so a request over thousands of them costs a
/// pointer each and no coroutine.
#pragma once

#include "runtime/wait_point.h"

#include <variant>

namespace verdikt::broker::replication::host {

/// Consumers wait for the high watermark, followers for the log end.
enum class reader_kind { consumer, follower };

class read_wait {
  public:
    void wake() {
        if (!woken_.has_value()) woken_.deliver({});
    }
    /// Returns once somebody has called `wake`, at once if somebody has already.
    runtime::awaitable<std::monostate> woken() { return woken_.wait(); }

  private:
    runtime::wait_point<std::monostate> woken_;
};

}  // namespace verdikt::broker::replication::host
