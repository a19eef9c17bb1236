/// A file of the real world: reads from the page cache at once, everything else by a disk worker.
///
/// Lives on the loop; the worker sees only requests. Closing may take the disk too, so the worker
/// does that as well. After a failed sync every later one fails without asking the kernel, which
/// would claim success for pages that it has dropped.
///
/// Requires: no operation is under way when it dies, and its worker outlives it.
#pragma once

#include "runtime/real/descriptor.h"
#include "runtime/real/disk_worker.h"

#include <cstdint>
#include <vector>

namespace verdikt::runtime::real {

class disk_file final : public file {
  public:
    /// Requires: `number` is unlike any other file's of the same worker, and not 0.
    disk_file(disk_worker& worker, descriptor open, std::uint64_t number);
    ~disk_file() override;

    awaitable<std::expected<std::size_t, errc>> read_at(std::uint64_t position,
                                                        mutable_bytes into) override;
    awaitable<std::expected<void, errc>> write_at(std::uint64_t position,
                                                  std::span<const const_bytes> pieces) override;
    awaitable<std::expected<void, errc>> sync() override;
    awaitable<std::expected<void, errc>> truncate(std::uint64_t size) override;
    /// Asks the kernel, which has it in memory: another handle may have changed it.
    [[nodiscard]] std::uint64_t size() const override;

    [[nodiscard]] int file_descriptor() const { return open_.number(); }

    /// True if sendfile(2) of the range will not wait for the disk.
    [[nodiscard]] bool is_cached(std::uint64_t position, std::uint64_t size) const;

    /// As `read_at`, by the worker in any case.
    awaitable<std::expected<std::size_t, errc>> read_from_disk(std::uint64_t position,
                                                               mutable_bytes into);

  private:
    struct range {
        std::uint64_t begin;
        std::uint64_t end;
        auto operator<=>(const range&) const = default;
    };

    disk_worker& worker_;
    descriptor open_;
    std::uint64_t number_;
    bool sync_failed_ = false;
    bool cache_can_tell_ = true;
    /// What the worker reads now, and with it the kernel's read-ahead: those pages are in the cache
    /// before their bytes are.
    std::vector<range> being_read_;
};

}  // namespace verdikt::runtime::real
