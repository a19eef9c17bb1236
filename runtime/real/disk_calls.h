/// The blocking calls of a disk worker, repeated until they have done all they were asked for.
#pragma once

#include "runtime/files.h"

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace verdikt::runtime::real {

struct transfer_outcome {
    std::size_t transferred = 0;
    std::optional<errc> error;
};

/// Less than asked for without an error: the file ended.
[[nodiscard]] transfer_outcome read_fully(int file, std::uint64_t position, mutable_bytes into);

/// Less than all only with an error. Uses up `pieces`. `calls` counts pwritev(2).
[[nodiscard]] transfer_outcome write_fully(int file,
                                           std::uint64_t position,
                                           std::span<iovec> pieces,
                                           std::uint64_t& calls);

}  // namespace verdikt::runtime::real
