/// One open file of a simulated process.
#pragma once

#include "runtime/files.h"
#include "runtime/sim/directory_tree.h"
#include "runtime/sim/disk.h"

#include <memory>

namespace verdikt::runtime::sim {

class process;

class process_file final : public file {
  public:
    process_file(process& of, sim::disk& on, std::shared_ptr<inode> opened, bool writable);
    ~process_file() override;

    awaitable<std::expected<std::size_t, errc>> read_at(std::uint64_t position,
                                                        mutable_bytes into) override;
    awaitable<std::expected<void, errc>> write_at(std::uint64_t position,
                                                  std::span<const const_bytes> pieces) override;
    awaitable<std::expected<void, errc>> sync() override;
    awaitable<std::expected<void, errc>> truncate(std::uint64_t size) override;
    [[nodiscard]] std::uint64_t size() const override { return inode_->content.size(); }

  private:
    process& process_;
    sim::disk& disk_;
    std::shared_ptr<inode> inode_;
    bool writable_;
};

}  // namespace verdikt::runtime::sim
