/// The hand-over between the loop and the threads of one disk worker.
///
/// Two lists and one mutex, held for a few instructions: the loop adds to `submitted_`, the worker
/// takes all of it and adds to `completed_`, the loop takes all of that. However much completes, at
/// most one wake-up of the loop is under way.
///
/// Bound: at most `handed_over_bytes_max` are handed over at a time (a single larger request goes
/// alone). What exceeds it waits on the loop's side, in order, so writers feel it as a slow disk;
/// its memory is the writers' own, one request for each coroutine that waits.
#pragma once

#include "runtime/real/disk_request.h"

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

namespace verdikt::runtime::real {

inline constexpr std::uint64_t handed_over_bytes_max = 64ULL * 1024 * 1024;

class disk_queue : public std::enable_shared_from_this<disk_queue> {
  public:
    explicit disk_queue(executor loop) : loop_(loop) {}
    disk_queue(const disk_queue&) = delete;
    disk_queue& operator=(const disk_queue&) = delete;
    ~disk_queue();

    /// On the loop. Requires: `request` lives until its `done` is delivered, or is detached and on
    /// the heap.
    void submit(disk_request& request);
    /// On the loop: the worker ends when all that was handed over is done.
    void stop();

    /// On the thread whose turn it is. Waits for requests; empty means to end.
    [[nodiscard]] disk_request_list take();
    /// On any thread of the worker.
    void complete(disk_request_list over);

  private:
    void hand_over_what_fits();
    void deliver_completed();

    executor loop_;
    // The loop's own.
    disk_request_list held_back_;
    std::uint64_t handed_over_bytes_ = 0;
    std::uint64_t handed_over_count_ = 0;

    std::mutex mutex_;  // Guards all below.
    std::condition_variable work_arrived_;
    disk_request_list submitted_;
    disk_request_list completed_;
    bool worker_waits_ = false;
    bool wake_up_under_way_ = false;
    bool stopping_ = false;
};

}  // namespace verdikt::runtime::real
