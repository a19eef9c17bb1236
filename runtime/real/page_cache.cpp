#include "runtime/real/page_cache.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

namespace verdikt::runtime::real {

namespace {

const auto page_size = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));

/// cachestat(2) counts pages that are still being read from the disk too. The kernel reads ahead in
/// runs of at least this length, so one byte read without waiting every so often finds such a run.
constexpr std::uint64_t probe_stride = 64 * 1024;

// The kernel's layout, in include/uapi/linux/mman.h; the C library of Debian 12 has neither these
// structures nor the number of the call.
constexpr long cachestat_call = 451;
struct cachestat_range {
    std::uint64_t offset;
    std::uint64_t length;
};
struct cachestat_counts {
    std::uint64_t cached;
    std::uint64_t dirty;
    std::uint64_t writeback;
    std::uint64_t evicted;
    std::uint64_t recently_evicted;
};

std::uint64_t pages_of(std::uint64_t position, std::uint64_t size) {
    return (position + size - 1) / page_size - position / page_size + 1;
}

detail::presence probe(int file, std::uint64_t position) {
    std::byte unused{};
    const auto found = read_from_page_cache(file, position, {&unused, 1});
    if (!found.has_value()) return detail::presence::unknown;
    return *found == 1 ? detail::presence::all : detail::presence::not_all;
}

}  // namespace

namespace detail {

presence ask_cachestat(int file, std::uint64_t position, std::uint64_t size) {
    cachestat_range range{.offset = position, .length = size};
    cachestat_counts counts{};
    if (::syscall(cachestat_call, file, &range, &counts, 0U) != 0) return presence::unknown;
    if (counts.cached < pages_of(position, size)) return presence::not_all;
    const std::uint64_t last = position + size - 1;
    for (std::uint64_t at = position; at < last; at += probe_stride) {
        if (const presence found = probe(file, at); found != presence::all) return found;
    }
    return probe(file, last);
}

presence ask_mincore(int file, std::uint64_t position, std::uint64_t size) {
    const std::uint64_t start = position / page_size * page_size;
    const std::uint64_t length = position + size - start;
    void* const mapped =
        ::mmap(nullptr, length, PROT_READ, MAP_SHARED, file, static_cast<off_t>(start));
    if (mapped == MAP_FAILED) return presence::unknown;
    std::vector<unsigned char> resident(pages_of(position, size));
    const bool told = ::mincore(mapped, length, resident.data()) == 0;
    ::munmap(mapped, length);
    if (!told) return presence::unknown;
    const bool all = std::ranges::all_of(resident, [](unsigned char page) { return page & 1U; });
    return all ? presence::all : presence::not_all;
}

}  // namespace detail

bool in_page_cache(int file, std::uint64_t position, std::uint64_t size) {
    detail::presence found = detail::ask_cachestat(file, position, size);
    if (found == detail::presence::unknown) found = detail::ask_mincore(file, position, size);
    return found == detail::presence::all;
}

std::optional<std::size_t> read_from_page_cache(int file,
                                                std::uint64_t position,
                                                mutable_bytes into) {
    const iovec where{.iov_base = into.data(), .iov_len = into.size()};
    const ssize_t count = ::preadv2(file, &where, 1, static_cast<off_t>(position), RWF_NOWAIT);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EAGAIN || errno == EINTR) return 0;
    return std::nullopt;
}

}  // namespace verdikt::runtime::real
