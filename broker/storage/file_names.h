/// The names under which Kafka keeps a log: `topic-partition/00000000000000000042.log` and so on.
///
/// Suffixes mark what a crash may leave behind: `.tmp` and `.cleaned` were never valid, `.swap`
/// replaces what it was made from (its rename from `.cleaned` is the moment of truth), `.deleted`
/// and
/// `-delete` are gone already.
#pragma once

#include "kafka/types.h"

#include <optional>
#include <string>
#include <string_view>

namespace verdikt::broker::storage {

enum class file_kind { log, offset_index, time_index, transaction_index, producer_snapshot };
enum class file_state { valid, deleted, cleaned, swap };

struct log_file_name {
    kafka::offset base;  ///< First offset of the segment; for a snapshot, where it was taken.
    file_kind kind = file_kind::log;
    file_state state = file_state::valid;

    bool operator==(const log_file_name&) const = default;
};

[[nodiscard]] std::string to_string(const log_file_name& name);
/// Nothing if it is no file of a log.
[[nodiscard]] std::optional<log_file_name> parse_log_file_name(std::string_view name);

[[nodiscard]] std::string directory_name(const kafka::topic_partition& which);
/// Nothing for names that hold no live partition, `-delete`, `-future` and `-stray` included.
[[nodiscard]] std::optional<kafka::topic_partition> parse_directory_name(std::string_view name);

/// Where a partition's directory goes before it is removed; `unique` tells two of a name apart.
[[nodiscard]] std::string deleted_directory_name(const kafka::topic_partition& which,
                                                 std::string_view unique);
[[nodiscard]] bool is_deleted_directory_name(std::string_view name);
/// Where it goes if it is to stay on the disk, unused.
[[nodiscard]] std::string stray_directory_name(const kafka::topic_partition& which,
                                               std::string_view unique);

inline constexpr std::string_view epoch_checkpoint_name = "leader-epoch-checkpoint";
inline constexpr std::string_view partition_metadata_name = "partition.metadata";
inline constexpr std::string_view recovery_point_checkpoint_name =
    "recovery-point-offset-checkpoint";
inline constexpr std::string_view high_watermark_checkpoint_name = "replication-offset-checkpoint";
inline constexpr std::string_view log_start_checkpoint_name = "log-start-offset-checkpoint";
inline constexpr std::string_view cleaner_checkpoint_name = "cleaner-offset-checkpoint";
inline constexpr std::string_view clean_shutdown_name = ".kafka_cleanshutdown";
inline constexpr std::string_view meta_properties_name = "meta.properties";
inline constexpr std::string_view lock_name = ".lock";

}  // namespace verdikt::broker::storage
