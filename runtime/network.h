/// Byte streams between nodes, addressed by host name and port.
#pragma once

#include "runtime/awaitable.h"
#include "runtime/errc.h"
#include "runtime/files.h"

#include <compare>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>

namespace verdikt::runtime {

struct endpoint {
    std::string host;
    std::uint16_t port = 0;

    auto operator<=>(const endpoint&) const = default;
};

/// One connection. At most one read and one write at a time, which may overlap.
class stream {
  public:
    virtual ~stream() = default;  ///< Closes.

    /// Waits for at least one byte. 0 means that the peer closed in good order.
    virtual awaitable<std::expected<std::size_t, errc>> read_some(mutable_bytes into) = 0;

    /// Returns when all is handed to the transport; waits while the peer is slow to take it.
    /// Requires: the span and what it points to live until completion.
    virtual awaitable<std::expected<void, errc>> write(std::span<const const_bytes> pieces) = 0;

    /// Sends `size` bytes of a file, by sendfile(2) where the world has it. An error `io_error`
    /// means that the file could not give them; the stream is then of no more use.
    virtual awaitable<std::expected<void, errc>> write_file(file& from,
                                                            std::uint64_t position,
                                                            std::uint64_t size) = 0;

    /// Ends the connection. A pending read or write completes with `closed`. Idempotent.
    virtual void close() noexcept = 0;

    [[nodiscard]] virtual endpoint peer() const = 0;
};

class listener {
  public:
    virtual ~listener() = default;  ///< Closes.

    virtual awaitable<std::expected<std::unique_ptr<stream>, errc>> accept() = 0;
    virtual void close() noexcept = 0;
    /// With the port that was chosen when 0 was asked for.
    [[nodiscard]] virtual endpoint local() const = 0;
};

class network {
  public:
    virtual ~network() = default;

    /// Port 0 chooses a free one.
    virtual awaitable<std::expected<std::unique_ptr<listener>, errc>> listen(endpoint at) = 0;
    /// Has no deadline of its own: a cut path may take for ever, so wrap it in `with_deadline`.
    virtual awaitable<std::expected<std::unique_ptr<stream>, errc>> connect(endpoint to) = 0;
};

}  // namespace verdikt::runtime
