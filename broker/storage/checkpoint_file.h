/// Kafka's small text files: checkpoints of offsets and epochs, properties, partition.metadata.
///
/// A checkpoint has a line with version 0, one with the number of entries, and an entry a line. The
/// parsers take any bytes; a file that they refuse is treated as absent, because every checkpoint
/// is a hint that the log itself can replace.
#pragma once

#include "broker/storage/leader_epoch_cache.h"
#include "kafka/types.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::broker::storage {

/// recovery-point, replication (high watermark), log-start and cleaner: "topic partition offset".
using offset_checkpoint = std::map<kafka::topic_partition, kafka::offset>;

[[nodiscard]] std::string print_offset_checkpoint(const offset_checkpoint& offsets);
[[nodiscard]] std::optional<offset_checkpoint> parse_offset_checkpoint(std::string_view text);

/// leader-epoch-checkpoint: "epoch startOffset".
[[nodiscard]] std::string print_epoch_checkpoint(const std::vector<epoch_start>& epochs);
[[nodiscard]] std::optional<std::vector<epoch_start>> parse_epoch_checkpoint(std::string_view text);

/// Java properties, as far as meta.properties needs them: `key=value`, `#` comments.
using properties = std::map<std::string, std::string, std::less<>>;
[[nodiscard]] std::string print_properties(const properties& entries);
[[nodiscard]] properties parse_properties(std::string_view text);

/// partition.metadata: "version: 0", "topic_id: ...".
[[nodiscard]] std::string print_partition_metadata(const kafka::uuid& topic_id);
[[nodiscard]] std::optional<kafka::uuid> parse_partition_metadata(std::string_view text);

}  // namespace verdikt::broker::storage
