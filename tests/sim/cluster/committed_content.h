/// What a reader with isolation.level=read_committed should be shown of a log, from its bytes
/// alone, and what compaction must not change of that.
#pragma once

#include "kafka/types.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace verdikt::tests {

struct committed_record {
    kafka::offset offset;
    std::string key = {};
    std::string value;

    auto operator<=>(const committed_record&) const = default;
};

/// In the order of their offsets: records of transactions whose marker says commit, and those that
/// are of none. It knows nothing of indexes, nor of what brokers remember of producers.
[[nodiscard]] std::vector<committed_record> committed_records(std::span<const std::byte> batches);

/// Key, offset and value of the newest of them of each key, by key. Two replicas of a compacted
/// partition agree on that and need not on more: what was aborted or overwritten goes when each
/// gets to it.
[[nodiscard]] std::vector<std::byte> newest_of_each_key(std::span<const std::byte> batches);

}  // namespace verdikt::tests
