/// Lets one coroutine through at a time, in the order in which they came.
///
/// The holder keeps its turn over any number of waits. Leaving hands the turn to the next in line,
/// who is resumed through the executor, so the leaver's next lines run first.
#pragma once

#include "runtime/awaitable.h"
#include "runtime/check.h"
#include "runtime/wait_point.h"

#include <list>
#include <utility>
#include <variant>

namespace verdikt::broker::storage {

class turnstile {
  public:
    /// Holds the turn until it is destroyed or `leave` is called.
    class turn {
      public:
        turn() = default;
        explicit turn(turnstile& of) : of_(&of) {}
        turn(turn&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
        turn& operator=(turn&& other) noexcept {
            leave();
            of_ = std::exchange(other.of_, nullptr);
            return *this;
        }
        ~turn() { leave(); }

        void leave() {
            if (of_ != nullptr) std::exchange(of_, nullptr)->pass_on();
        }
        [[nodiscard]] bool held() const { return of_ != nullptr; }

      private:
        turnstile* of_ = nullptr;
    };

    turnstile() = default;
    turnstile(const turnstile&) = delete;
    turnstile& operator=(const turnstile&) = delete;
    ~turnstile() { CHECK(!taken_, "a turnstile died while somebody was in it"); }

    /// Without waiting; not held if somebody is in it or waits.
    [[nodiscard]] turn try_enter() {
        if (taken_) return {};
        taken_ = true;
        return turn(*this);
    }

    /// Throws `operation_aborted` when cancelled while waiting.
    [[nodiscard]] runtime::awaitable<turn> enter() {
        if (turn at_once = try_enter(); at_once.held()) co_return at_once;
        place mine(*this);
        co_await mine.called.wait();
        mine.in_line = false;
        co_return turn(*this);
    }

  private:
    struct place {
        explicit place(turnstile& of_line) : line(of_line) { line.waiting_.push_back(this); }
        place(const place&) = delete;
        place& operator=(const place&) = delete;
        // Cancelled: leaves the line, or passes on the turn that it was given and cannot take.
        ~place() {
            if (!in_line) return;
            if (std::erase(line.waiting_, this) == 0) line.pass_on();
        }

        turnstile& line;
        runtime::wait_point<std::monostate> called;
        bool in_line = true;
    };

    void pass_on() {
        if (waiting_.empty()) {
            taken_ = false;
            return;
        }
        place* next = waiting_.front();
        waiting_.pop_front();
        next->called.deliver({});
    }

    bool taken_ = false;
    std::list<place*> waiting_;  ///< Unlike a deque, it takes no memory while it is empty.
};

}  // namespace verdikt::broker::storage
