#include "client/partitioner.h"

#include "kafka/records/java_hash.h"
#include "runtime/check.h"

#include <algorithm>

namespace verdikt::client {

namespace {

std::int32_t draw(const topic_metadata& topic, runtime::random_source& random) {
    std::vector<std::int32_t> led;
    for (std::size_t index = 0; index < topic.partitions.size(); ++index) {
        if (topic.partitions[index].leader >= kafka::node_id(0)) {
            led.push_back(static_cast<std::int32_t>(index));
        }
    }
    if (led.empty()) return static_cast<std::int32_t>(random.below(topic.partitions.size()));
    return led[random.below(led.size())];
}

}  // namespace

std::int32_t partitioner::choose(const topic_metadata& topic,
                                 const nullable_bytes& key,
                                 runtime::random_source& random) {
    CHECK(!topic.partitions.empty());
    const auto count = static_cast<std::int32_t>(topic.partitions.size());
    if (key && !ignore_keys_) return kafka::records::partition_for_key(*key, count);
    sticky& stays = sticky_[topic.name];
    const bool known = stays.partition >= 0 && stays.partition < count;
    if (!known || stays.bytes >= std::max<std::size_t>(1, sticky_bytes_)) {
        stays = {.partition = draw(topic, random), .bytes = 0};
    }
    return stays.partition;
}

void partitioner::note_appended(const std::string& topic,
                                std::int32_t partition,
                                std::size_t bytes) {
    const auto found = sticky_.find(topic);
    if (found != sticky_.end() && found->second.partition == partition)
        found->second.bytes += bytes;
}

}  // namespace verdikt::client
