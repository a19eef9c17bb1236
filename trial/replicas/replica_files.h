/// The logs of one node, as a broker of ours left them behind.
///
/// Reads, never writes, and takes any bytes. Requires: no broker uses the folder meanwhile.
#pragma once

#include "broker/storage/checkpoint_file.h"
#include "checker/replica_logs/replica_logs.h"
#include "kafka/types.h"
#include "runtime/awaitable.h"
#include "runtime/files.h"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace verdikt::trial {

class replica_files {
  public:
    /// Reads what stands in the folder itself; the file system outlives it. The reason if it cannot
    /// be read, or if the broker did not stop in good order: its checkpoints are not up to date
    /// then.
    [[nodiscard]] static runtime::awaitable<std::expected<replica_files, std::string>> open(
        runtime::file_system& files, std::int32_t node, std::filesystem::path folder);

    /// By name, the identity of each topic that has a partition here.
    [[nodiscard]] const std::map<kafka::topic_partition, kafka::uuid>& partitions() const {
        return partitions_;
    }
    /// Whether the cleaner was ever at it.
    [[nodiscard]] bool was_compacted(const kafka::topic_partition& which) const {
        return cleaned_.contains(which);
    }

    /// Requires: it is one of `partitions`. `with_records`: also what each record holds.
    [[nodiscard]] runtime::awaitable<std::expected<checker::replica_logs::replica, std::string>>
    read(kafka::topic_partition which, bool with_records) const;

  private:
    replica_files(runtime::file_system& files, std::int32_t node, std::filesystem::path folder)
        : files_(&files), node_(node), folder_(std::move(folder)) {}

    runtime::awaitable<std::expected<void, std::string>> look_around();
    runtime::awaitable<std::expected<void, std::string>> look_at_checkpoints();
    runtime::awaitable<std::optional<std::string>> read_segment(
        std::filesystem::path path,
        kafka::offset base,
        bool with_records,
        checker::replica_logs::replica& into) const;

    runtime::file_system* files_;
    std::int32_t node_;
    std::filesystem::path folder_;
    std::map<kafka::topic_partition, kafka::uuid> partitions_;
    broker::storage::offset_checkpoint high_watermarks_;
    broker::storage::offset_checkpoint log_starts_;
    broker::storage::offset_checkpoint cleaned_;
};

}  // namespace verdikt::trial
