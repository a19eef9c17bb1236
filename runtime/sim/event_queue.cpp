#include "runtime/sim/event_queue.h"

#include "runtime/check.h"

#include <algorithm>

namespace verdikt::runtime::sim {

namespace {

// Four children a parent: half the levels of a binary heap, and siblings share cache lines.
constexpr std::size_t children = 4;

}  // namespace

void event::unschedule() {
    if (queue_ != nullptr) queue_->remove(place_);
}

event_queue::~event_queue() {
    for (const entry& left : heap_) left.which->queue_ = nullptr;
}

void event_queue::schedule(event& which, instant due) {
    which.unschedule();
    const entry added{std::max(due, now_), next_sequence_++, &which};
    which.queue_ = this;
    heap_.push_back(added);
    sift_up(heap_.size() - 1, added);
}

void event_queue::fire_next() {
    CHECK(!heap_.empty());
    const entry next = heap_.front();
    CHECK(next.due >= now_);
    now_ = next.due;
    ++fired_;
    remove(0);
    next.which->fire();
}

void event_queue::advance_to(instant until) {
    CHECK(heap_.empty() || next_due() >= until);
    now_ = std::max(now_, until);
}

void event_queue::remove(std::size_t where) {
    heap_[where].which->queue_ = nullptr;
    const entry last = heap_.back();
    heap_.pop_back();
    if (where == heap_.size()) return;
    if (where > 0 && last.before(heap_[(where - 1) / children])) {
        sift_up(where, last);
    } else {
        sift_down(where, last);
    }
}

void event_queue::place(std::size_t where, const entry& what) {
    heap_[where] = what;
    what.which->place_ = where;
}

void event_queue::sift_up(std::size_t where, const entry& what) {
    while (where > 0) {
        const std::size_t parent = (where - 1) / children;
        if (!what.before(heap_[parent])) break;
        place(where, heap_[parent]);
        where = parent;
    }
    place(where, what);
}

void event_queue::sift_down(std::size_t where, const entry& what) {
    for (;;) {
        const std::size_t first = where * children + 1;
        if (first >= heap_.size()) break;
        const std::size_t end = std::min(first + children, heap_.size());
        std::size_t earliest = first;
        for (std::size_t child = first + 1; child < end; ++child) {
            if (heap_[child].before(heap_[earliest])) earliest = child;
        }
        if (!heap_[earliest].before(what)) break;
        place(where, heap_[earliest]);
        where = earliest;
    }
    place(where, what);
}

}  // namespace verdikt::runtime::sim
