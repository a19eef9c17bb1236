#include "broker/controller/host/commit_waits.h"

#include <utility>

namespace verdikt::broker::controller::host {

/// Lives in the coroutine that waits, and takes itself out of the list when that ends.
class commit_waits::waiter {
  public:
    waiter(commit_waits& in, kafka::offset end) : until(end), in_(in) {
        in_.waiting_.push_back(this);
    }
    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;
    ~waiter() { std::erase(in_.waiting_, this); }

    kafka::offset until;
    runtime::wait_point<bool> done;

  private:
    commit_waits& in_;
};

runtime::awaitable<bool> commit_waits::until(kafka::offset end) {
    if (end <= applied_) co_return true;
    waiter mine(*this, end);
    co_return co_await mine.done.wait();
}

void commit_waits::applied(kafka::offset end) {
    applied_ = end;
    while (!waiting_.empty() && waiting_.front()->until <= end) {
        waiting_.front()->done.deliver(true);
        waiting_.pop_front();
    }
}

void commit_waits::abandon() {
    for (waiter* each : std::exchange(waiting_, {})) each->done.deliver(false);
}

}  // namespace verdikt::broker::controller::host
