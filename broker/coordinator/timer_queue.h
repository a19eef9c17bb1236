/// The timers of all groups, fired in the order of their deadlines by one coroutine.
///
/// A timer that was cancelled or armed anew never fires for its former deadline: firing and
/// re-arming happen on one thread, and nothing is awaited between taking a timer and firing it.
#pragma once

#include "broker/coordinator/group_types.h"
#include "runtime/environment.h"
#include "runtime/notification.h"

#include <functional>
#include <map>
#include <string>

namespace verdikt::broker::coordinator {

struct group_timer {
    std::string group;
    timer_name which;

    auto operator<=>(const group_timer&) const = default;
};

class timer_queue {
  public:
    explicit timer_queue(runtime::environment& world) : world_(world) {}

    void arm(const group_timer& timer, milliseconds after);
    void cancel(const group_timer& timer);
    /// Cancels all timers of the group.
    void drop(const std::string& group);

    /// Fires until it is cancelled.
    runtime::awaitable<void> run(std::function<void(group_timer)> fire);

    [[nodiscard]] std::size_t size() const { return deadlines_.size(); }

  private:
    /// Timers of one deadline fire in the order in which they were armed.
    struct moment {
        runtime::instant when;
        std::uint64_t order = 0;

        auto operator<=>(const moment&) const = default;
    };

    [[nodiscard]] bool due() const;
    [[nodiscard]] runtime::instant first_deadline() const;
    runtime::awaitable<void> until_one_sooner_than(runtime::instant when);

    runtime::environment& world_;
    std::map<group_timer, moment> deadlines_;
    std::map<moment, group_timer> by_deadline_;
    std::uint64_t armed_count_ = 0;
    runtime::instant sleeping_until_ = runtime::instant::max();
    runtime::notification armed_one_;
};

}  // namespace verdikt::broker::coordinator
