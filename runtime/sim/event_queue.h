/// What is going to happen in the simulated world, ordered by virtual time.
///
/// Events are intrusive: whoever wants something to happen derives from `event`, keeps it as a
/// member or a coroutine local, and schedules it. Nothing is allocated or type-erased for an event,
/// and one that dies before its time takes itself out of the queue.
///
/// Invariants: of two events due at the same instant, the one scheduled first fires first; an event
/// is in the queue at most once; time never goes back.
#pragma once

#include "runtime/clock.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace verdikt::runtime::sim {

class event_queue;

class event {
  public:
    event() = default;
    event(const event&) = delete;
    event& operator=(const event&) = delete;

    [[nodiscard]] bool scheduled() const { return queue_ != nullptr; }
    void unschedule();

  protected:
    /// Takes itself out of the queue.
    ~event() { unschedule(); }

    /// Called at its time, after it has left the queue; it may schedule itself again, or die.
    virtual void fire() = 0;

  private:
    friend class event_queue;

    event_queue* queue_ = nullptr;
    std::size_t place_ = 0;
};

class event_queue {
  public:
    event_queue() = default;
    event_queue(const event_queue&) = delete;
    event_queue& operator=(const event_queue&) = delete;
    ~event_queue();

    /// World time: the due time of the event fired last, or what `advance_to` was given.
    [[nodiscard]] instant now() const { return now_; }

    /// Moves the event if it is scheduled already. A time that has passed means now.
    void schedule(event& which, instant due);

    [[nodiscard]] bool empty() const { return heap_.empty(); }
    /// Requires: not empty.
    [[nodiscard]] instant next_due() const { return heap_.front().due; }
    /// Requires: not empty.
    void fire_next();
    /// Requires: nothing is due before `until`.
    void advance_to(instant until);

    [[nodiscard]] std::uint64_t fired() const { return fired_; }

  private:
    friend class event;

    struct entry {
        instant due;
        std::uint64_t sequence;
        event* which;

        [[nodiscard]] bool before(const entry& other) const {
            return due != other.due ? due < other.due : sequence < other.sequence;
        }
    };

    void remove(std::size_t place);
    void place(std::size_t where, const entry& what);
    void sift_up(std::size_t where, const entry& what);
    void sift_down(std::size_t where, const entry& what);

    std::vector<entry> heap_;
    instant now_{};
    std::uint64_t next_sequence_ = 0;
    std::uint64_t fired_ = 0;
};

}  // namespace verdikt::runtime::sim
