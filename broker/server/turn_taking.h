/// Lets one coroutine at a time through a stretch of code that awaits.
///
///     const auto turn = co_await turns.take();
///
/// First come, first served. The turn ends with the object.
#pragma once

#include "runtime/notification.h"

#include <utility>

namespace verdikt::broker::server {

class turn_taking {
  public:
    class turn {
      public:
        explicit turn(turn_taking& of) : of_(&of) {}
        turn(turn&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
        turn& operator=(turn&&) = delete;
        ~turn() {
            if (of_ == nullptr) return;
            of_->taken_ = false;
            of_->ended_.notify_all();
        }

      private:
        turn_taking* of_;
    };

    runtime::awaitable<turn> take() {
        while (taken_) co_await ended_.wait();
        taken_ = true;
        co_return turn(*this);
    }

  private:
    bool taken_ = false;
    runtime::notification ended_;
};

}  // namespace verdikt::broker::server
