/// Time in a storm: events in the order of their moments, and of their making where these are
/// equal.
#pragma once

#include "runtime/clock.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

namespace verdikt::broker::replication {

class scheduler {
  public:
    [[nodiscard]] runtime::instant now() const { return now_; }
    void at(runtime::instant when, std::function<void()> what) {
        events_.push({when < now_ ? now_ : when, ++made_, std::move(what)});
    }
    void after(runtime::duration delay, std::function<void()> what) {
        at(now_ + delay, std::move(what));
    }
    void run_until(runtime::instant end) {
        while (!events_.empty() && events_.top().when <= end) {
            event next = std::move(const_cast<event&>(events_.top()));
            events_.pop();
            now_ = next.when;
            next.what();
        }
        now_ = end;
    }

  private:
    struct event {
        runtime::instant when;
        std::uint64_t number = 0;
        std::function<void()> what;

        bool operator<(const event& other) const {
            return when != other.when ? when > other.when : number > other.number;
        }
    };

    runtime::instant now_{};
    std::uint64_t made_ = 0;
    std::priority_queue<event> events_;
};

}  // namespace verdikt::broker::replication
