/// Files of a node, with written and durable told apart.
///
/// What `write_at` completed is written: every later `read_at` sees it, and a crash of the process
/// keeps it. It is durable only once a `sync` that was started after it has succeeded; on power
/// loss anything not yet durable may be kept, lost, torn or reordered, sector by sector. The same
/// goes for names: a create, rename or remove is durable only after `sync_directory` on the folder.
/// A `sync` of a file makes its data and size durable, not its name.
///
/// After a failed sync the page cache lies (pages are marked clean although they never reached the
/// disk), so a caller must treat the directory as offline and never sync again to find out.
///
/// Writes and truncates of one file are carried out in the order in which they were awaited, and a
/// `sync` covers all that were awaited before it, so it may be started right behind a `write_at`
/// that has not completed. What is awaited after it need not wait for it. A read sees every write
/// that completed before it; it may overtake those that have not. No operation can be cancelled
/// half way: a cancelled waiter is woken only when the operation is over, which keeps its buffers
/// safe, and is told how it ended; only its next wait throws. A disk that hangs keeps them waiting
/// and holds up nothing but the disk's own operations.
#pragma once

#include "runtime/awaitable.h"
#include "runtime/errc.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace verdikt::runtime {

using const_bytes = std::span<const std::byte>;
using mutable_bytes = std::span<std::byte>;

class file {
  public:
    virtual ~file() = default;

    /// Fills `into` from `position` on; fewer bytes only where the file ends (0 at or past the
    /// end).
    virtual awaitable<std::expected<std::size_t, errc>> read_at(std::uint64_t position,
                                                                mutable_bytes into) = 0;

    /// Writes all pieces one after another. On an error some prefix may have been written.
    /// Requires: the span and what it points to live until completion.
    virtual awaitable<std::expected<void, errc>> write_at(std::uint64_t position,
                                                          std::span<const const_bytes> pieces) = 0;

    /// Makes all that was written before durable.
    virtual awaitable<std::expected<void, errc>> sync() = 0;

    /// Cuts or extends (with zeros) to `size` bytes.
    virtual awaitable<std::expected<void, errc>> truncate(std::uint64_t size) = 0;

    /// Bytes, counting what completed writes have added.
    [[nodiscard]] virtual std::uint64_t size() const = 0;
};

enum class open_mode {
    read,        ///< Must exist.
    read_write,  ///< Must exist.
    create,      ///< For reading and writing; created if absent.
    create_new,  ///< For reading and writing; `already_exists` if present.
};

struct directory_entry {
    std::string name;
    bool is_directory = false;
    std::uint64_t size = 0;

    auto operator<=>(const directory_entry&) const = default;
};

struct disk_space {
    std::uint64_t available = 0;  ///< Bytes that we may still write.
    std::uint64_t total = 0;
};

/// Held while it lives: no other process (real) or incarnation (simulated) can take the same path.
class directory_lock {
  public:
    virtual ~directory_lock() = default;
};

class file_system {
  public:
    virtual ~file_system() = default;

    virtual awaitable<std::expected<std::unique_ptr<file>, errc>> open(std::filesystem::path path,
                                                                       open_mode mode) = 0;
    /// Replaces `to` atomically if it exists.
    virtual awaitable<std::expected<void, errc>> rename(std::filesystem::path from,
                                                        std::filesystem::path to) = 0;
    /// A file, or an empty directory. An open file stays readable until it is closed.
    virtual awaitable<std::expected<void, errc>> remove(std::filesystem::path path) = 0;
    /// A directory with all that is below it.
    virtual awaitable<std::expected<void, errc>> remove_all(std::filesystem::path path) = 0;
    /// With all missing parents; existing ones are no error.
    virtual awaitable<std::expected<void, errc>> create_directories(std::filesystem::path path) = 0;
    virtual awaitable<std::expected<void, errc>> sync_directory(std::filesystem::path path) = 0;
    /// Sorted by name.
    virtual awaitable<std::expected<std::vector<directory_entry>, errc>> list(
        std::filesystem::path path) = 0;
    virtual awaitable<std::expected<disk_space, errc>> space(std::filesystem::path path) = 0;
    /// `locked` if somebody else holds it. Creates the lock file where needed.
    virtual awaitable<std::expected<std::unique_ptr<directory_lock>, errc>> lock(
        std::filesystem::path path) = 0;
};

}  // namespace verdikt::runtime
