/// Carries out what a disk worker found waiting, with as few system calls as the order allows.
///
/// Requests of one file keep their order, but for this: all its syncs of the batch are served by
/// one fdatasync(2) at the end. A sync promises only what was written before it, so to sync later
/// is always right. Writes to adjacent places become one pwritev(2).
#pragma once

#include "runtime/real/disk_request.h"

#include <sys/uio.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

namespace verdikt::runtime::real {

/// Written by the worker, read from anywhere.
struct disk_counters {
    std::atomic<std::uint64_t> batches;
    std::atomic<std::uint64_t> writes;
    std::atomic<std::uint64_t> write_calls;
    std::atomic<std::uint64_t> bytes_written;
    std::atomic<std::uint64_t> syncs;
    std::atomic<std::uint64_t> sync_calls;
    std::atomic<std::uint64_t> reads;
};

class disk_batch {
  public:
    explicit disk_batch(disk_counters& counters) : counters_(counters) {}

    using receiver = std::function<void(disk_request_list)>;

    /// Carries out all but the syncs, which it keeps for `sync`, and gives them to `finished`. True
    /// if there are syncs. Blocks as long as the disk does.
    [[nodiscard]] bool transfer(disk_request_list waiting, const receiver& finished);
    /// Serves the syncs that were kept, those of one file after another.
    void sync(const receiver& finished);

  private:
    struct place {
        std::uint64_t file_number;
        std::size_t arrival;
        disk_request* request;
        auto operator<=>(const place&) const = default;
    };

    void carry_out(disk_request& request);
    void gather(disk_request& write);
    void flush_gathered();

    disk_counters& counters_;
    std::vector<place> order_;
    std::vector<disk_request*> syncs_;
    std::vector<disk_request*> gathered_;  ///< Adjacent writes to one file.
    std::size_t gathered_pieces_ = 0;
    std::vector<iovec> pieces_;
};

}  // namespace verdikt::runtime::real
