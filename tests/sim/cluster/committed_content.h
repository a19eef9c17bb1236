/// What a reader with isolation.level=read_committed should be shown of a log, from its bytes
/// alone.
#pragma once

#include "kafka/types.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace verdikt::tests {

struct committed_record {
    kafka::offset offset;
    std::string value;

    auto operator<=>(const committed_record&) const = default;
};

/// In the order of their offsets: records of transactions whose marker says commit, and those that
/// are of none. It knows nothing of indexes, nor of what brokers remember of producers.
[[nodiscard]] std::vector<committed_record> committed_records(std::span<const std::byte> batches);

}  // namespace verdikt::tests
