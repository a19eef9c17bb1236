/// Snapshots on the disk, beside the log: `<end>-<epoch>.checkpoint`.
///
/// Under that name a snapshot is whole and durable. One that is being fetched is named `.part`
/// until it is; one that is being written, `.tmp`.
#pragma once

#include "broker/quorum/snapshot_content.h"
#include "broker/raft/types.h"
#include "runtime/environment.h"

#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::broker::quorum {

template <typename T = void>
using file_result = runtime::awaitable<std::expected<T, runtime::errc>>;

/// Names the first voters, where `storage format` chose them. It stands for no records.
inline constexpr raft::snapshot_id bootstrap_snapshot{};

class snapshot_files {
  public:
    snapshot_files(runtime::file_system& files, std::filesystem::path directory)
        : files_(files), directory_(std::move(directory)) {}

    /// Oldest first, the bootstrap snapshot among them.
    [[nodiscard]] file_result<std::vector<raft::stored_snapshot>> find();
    /// Removes what a former life began to fetch.
    [[nodiscard]] file_result<> clear_parts();
    /// Durable on return.
    [[nodiscard]] file_result<> write(raft::snapshot_id id, std::vector<std::byte> bytes);
    [[nodiscard]] file_result<std::vector<std::byte>> read(raft::snapshot_id id);
    /// At most so many bytes from a position on.
    [[nodiscard]] file_result<std::vector<std::byte>> read_part(raft::snapshot_id id,
                                                                std::uint64_t position,
                                                                std::size_t size_max);
    /// Those that end before `end`.
    [[nodiscard]] file_result<> remove_before(raft::offset end);

    // ---- One that is being fetched. At most one is.

    /// At position 0 it begins anew.
    [[nodiscard]] file_result<> write_part(raft::snapshot_id id,
                                           std::uint64_t position,
                                           raft::payload bytes);
    /// Gives the fetched one its name, durably.
    [[nodiscard]] file_result<> finish_part(raft::snapshot_id id);
    [[nodiscard]] file_result<> abandon_part(raft::snapshot_id id);

  private:
    [[nodiscard]] std::filesystem::path path_of(raft::snapshot_id id) const;
    [[nodiscard]] std::filesystem::path part_of(raft::snapshot_id id) const;

    runtime::file_system& files_;
    std::filesystem::path directory_;
    std::unique_ptr<runtime::file> part_;
};

}  // namespace verdikt::broker::quorum
