/// Whether file ranges can be read without waiting for the disk.
#pragma once

#include "runtime/files.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace verdikt::runtime::real {

/// True if a read or sendfile(2) of the range will not wait for the disk. A snapshot: pages may be
/// evicted right after. False when in doubt. Requires: size > 0 and the range lies within the file.
[[nodiscard]] bool in_page_cache(int file, std::uint64_t position, std::uint64_t size);

/// As much of `into`, from its start, as the page cache has; nothing if the file system cannot
/// tell.
[[nodiscard]] std::optional<std::size_t> read_from_page_cache(int file,
                                                              std::uint64_t position,
                                                              mutable_bytes into);

namespace detail {

enum class presence { all, not_all, unknown };

/// By cachestat(2), since Linux 6.5, and a byte read every so often.
[[nodiscard]] presence ask_cachestat(int file, std::uint64_t position, std::uint64_t size);

/// By mincore(2) on a mapping made for the purpose: exact and everywhere, and some ten times
/// slower.
[[nodiscard]] presence ask_mincore(int file, std::uint64_t position, std::uint64_t size);

}  // namespace detail

}  // namespace verdikt::runtime::real
