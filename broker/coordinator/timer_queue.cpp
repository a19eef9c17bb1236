#include "broker/coordinator/timer_queue.h"

#include "runtime/deadline.h"

#include <utility>

namespace verdikt::broker::coordinator {

void timer_queue::arm(const group_timer& timer, milliseconds after) {
    cancel(timer);
    const moment at{world_.now() + after, ++armed_count_};
    deadlines_.emplace(timer, at);
    by_deadline_.emplace(at, timer);
    if (at.when < sleeping_until_) armed_one_.notify_all();
}

void timer_queue::cancel(const group_timer& timer) {
    const auto found = deadlines_.find(timer);
    if (found == deadlines_.end()) return;
    by_deadline_.erase(found->second);
    deadlines_.erase(found);
}

void timer_queue::drop(const std::string& group) {
    auto at = deadlines_.lower_bound({group, {timer_kind::session, {}}});
    while (at != deadlines_.end() && at->first.group == group) {
        by_deadline_.erase(at->second);
        at = deadlines_.erase(at);
    }
}

bool timer_queue::due() const {
    return !by_deadline_.empty() && by_deadline_.begin()->first.when <= world_.now();
}

runtime::instant timer_queue::first_deadline() const {
    return by_deadline_.empty() ? runtime::instant::max() : by_deadline_.begin()->first.when;
}

runtime::awaitable<void> timer_queue::until_one_sooner_than(runtime::instant when) {
    while (first_deadline() >= when) co_await armed_one_.wait();
}

runtime::awaitable<void> timer_queue::run(std::function<void(group_timer)> fire) {
    for (;;) {
        while (due()) {
            auto first = by_deadline_.extract(by_deadline_.begin());
            deadlines_.erase(first.mapped());
            fire(std::move(first.mapped()));
        }
        sleeping_until_ = first_deadline();
        if (sleeping_until_ == runtime::instant::max()) {
            co_await until_one_sooner_than(sleeping_until_);
        } else {
            co_await runtime::with_deadline(
                world_, sleeping_until_, until_one_sooner_than(sleeping_until_));
        }
    }
}

}  // namespace verdikt::broker::coordinator
