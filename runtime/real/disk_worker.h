/// The threads that do the blocking calls of one log directory.
///
/// Two of them take turns: the one whose turn it is takes all requests that wait, carries them out
/// as one batch (`disk_batch`: adjacent writes together, one fdatasync(2) a file), and hands the
/// results back. Before it syncs it passes the turn on, so that what need not be durable to be
/// answered does not wait for a sync; what is written meanwhile shares the next one: that is group
/// commit. The thread that wrote is the one that syncs, since to wake another in between would cost
/// more than a fast sync.
///
/// Batches are therefore carried out one after another, but for their syncs, which may overlap. A
/// disk that hangs blocks these threads alone.
#pragma once

#include "runtime/real/disk_batch.h"
#include "runtime/real/disk_queue.h"
#include "runtime/real/disk_statistics.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace verdikt::runtime::real {

class disk_worker {
  public:
    /// Throws if there is no thread to be had.
    disk_worker(executor loop, const std::string& name);
    disk_worker(const disk_worker&) = delete;
    disk_worker& operator=(const disk_worker&) = delete;
    /// Waits until all that was submitted is done.
    ~disk_worker();

    void submit(disk_request& request) { queue_->submit(request); }

    /// Carries out `work`, which may block, and waits for it uncancellably.
    awaitable<void> call(std::function<void()> work);

    /// Carries out `work` after all that was submitted for that file; nobody waits.
    void call_later(std::uint64_t file_number, std::function<void()> work);

    [[nodiscard]] disk_statistics statistics() const;

  private:
    void serve();
    void end();

    static constexpr std::size_t thread_count = 2;

    std::shared_ptr<disk_queue> queue_;
    disk_counters counters_{};
    std::mutex turn_;  ///< Held while waiting for a batch and carrying it out, syncs excepted.
    std::vector<std::thread> threads_;
};

}  // namespace verdikt::runtime::real
