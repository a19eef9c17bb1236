#include "workloads/keyed_transactions/keyed_options.h"

#include <fmt/format.h>

namespace verdikt::workloads {

std::string keyed_options::topic_of(std::int32_t key) const {
    return fmt::format("{}-{}", topic, key / load.partitions);
}

client::topic_partition keyed_options::place_of(std::int32_t key) const {
    return {.topic = topic_of(key), .partition = kafka::partition_index(key % load.partitions)};
}

std::string keyed_options::transactional_id(std::size_t writer) const {
    return fmt::format("{}-writer-{}", topic, writer);
}

}  // namespace verdikt::workloads
