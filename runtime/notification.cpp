#include "runtime/notification.h"

#include <algorithm>
#include <utility>

namespace verdikt::runtime {

/// Lives in the waiting coroutine; takes itself off the list if it ends before it is woken.
class notification::listed_waiter {
  public:
    explicit listed_waiter(std::vector<listed_waiter*>& list) : list_(&list) {
        list_->push_back(this);
    }
    listed_waiter(const listed_waiter&) = delete;
    listed_waiter& operator=(const listed_waiter&) = delete;
    ~listed_waiter() {
        if (list_ != nullptr) std::erase(*list_, this);
    }

    awaitable<std::monostate> wait() { return woken_.wait(); }

    // Requires: already off the list, which may be gone when the waiter resumes.
    void wake() {
        list_ = nullptr;
        woken_.deliver({});
    }

  private:
    std::vector<listed_waiter*>* list_;
    wait_point<std::monostate> woken_;
};

awaitable<void> notification::wait() {
    listed_waiter waiter(waiting_);
    co_await waiter.wait();
}

void notification::notify_all() {
    for (listed_waiter* waiter : std::exchange(waiting_, {})) waiter->wake();
}

}  // namespace verdikt::runtime
