#include "runtime/real/disk_calls.h"

#include "runtime/real/kernel_error.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace verdikt::runtime::real {

transfer_outcome read_fully(int file, std::uint64_t position, mutable_bytes into) {
    std::size_t done = 0;
    while (done < into.size()) {
        const ssize_t count = ::pread(
            file, into.data() + done, into.size() - done, static_cast<off_t>(position + done));
        if (count == 0) break;
        if (count > 0) {
            done += static_cast<std::size_t>(count);
        } else if (errno != EINTR) {
            return {.transferred = done, .error = file_error(errno)};
        }
    }
    return {.transferred = done, .error = {}};
}

namespace {

/// What is left of `pieces` after `count` bytes.
std::span<iovec> skip(std::span<iovec> pieces, std::size_t count) {
    while (!pieces.empty() && count >= pieces.front().iov_len) {
        count -= pieces.front().iov_len;
        pieces = pieces.subspan(1);
    }
    if (count > 0) {
        pieces.front().iov_base = static_cast<std::byte*>(pieces.front().iov_base) + count;
        pieces.front().iov_len -= count;
    }
    return pieces;
}

}  // namespace

transfer_outcome write_fully(int file,
                             std::uint64_t position,
                             std::span<iovec> pieces,
                             std::uint64_t& calls) {
    std::size_t done = 0;
    pieces = skip(pieces, 0);
    while (!pieces.empty()) {
        const int piece_count = static_cast<int>(std::min<std::size_t>(pieces.size(), IOV_MAX));
        const ssize_t count =
            ::pwritev(file, pieces.data(), piece_count, static_cast<off_t>(position + done));
        ++calls;
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return {.transferred = done, .error = file_error(errno)};
        // Never seen on a regular file; to try again could spin for ever.
        if (count == 0) return {.transferred = done, .error = errc::io_error};
        done += static_cast<std::size_t>(count);
        pieces = skip(pieces, static_cast<std::size_t>(count));
    }
    return {.transferred = done, .error = {}};
}

}  // namespace verdikt::runtime::real
