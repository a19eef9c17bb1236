/// What the disk workers have done, to see group commit and coalescing at work.
#pragma once

#include <cstdint>

namespace verdikt::runtime::real {

struct disk_statistics {
    std::uint64_t batches = 0;      ///< Times that a worker took what was waiting.
    std::uint64_t writes = 0;       ///< `write_at` calls served.
    std::uint64_t write_calls = 0;  ///< pwritev(2) calls that it took.
    std::uint64_t bytes_written = 0;
    std::uint64_t syncs = 0;       ///< `sync` calls served.
    std::uint64_t sync_calls = 0;  ///< fdatasync(2) calls that it took.
    std::uint64_t reads = 0;       ///< Reads that were not in the page cache.

    disk_statistics& operator+=(const disk_statistics& more) {
        batches += more.batches;
        writes += more.writes;
        write_calls += more.write_calls;
        bytes_written += more.bytes_written;
        syncs += more.syncs;
        sync_calls += more.sync_calls;
        reads += more.reads;
        return *this;
    }
};

}  // namespace verdikt::runtime::real
