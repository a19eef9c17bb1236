/// The thread that does the blocking calls of one log directory.
///
/// Again and again it takes all requests that wait, carries them out as one batch (`disk_batch`:
/// adjacent writes together, one fdatasync(2) a file), and hands the results back. While it syncs,
/// the next batch gathers: that is group commit. A disk that hangs blocks this thread alone.
#pragma once

#include "runtime/real/disk_batch.h"
#include "runtime/real/disk_queue.h"
#include "runtime/real/disk_statistics.h"

#include <functional>
#include <memory>
#include <string>
#include <thread>

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

    std::shared_ptr<disk_queue> queue_;
    disk_counters counters_{};
    std::thread thread_;
};

}  // namespace verdikt::runtime::real
