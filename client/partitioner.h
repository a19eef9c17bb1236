/// Which partition a record without one goes to, as the Java producer chooses.
///
/// Keys are hashed (murmur2), so that every client puts a key in the same place. Records without
/// key stick to one partition until `batch.size` bytes went there, then move to another drawn at
/// random (KIP-480, KIP-794); a partition without a leader is avoided while there are others.
#pragma once

#include "client/metadata_cache.h"
#include "client/record.h"
#include "runtime/random.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace verdikt::client {

class partitioner {
  public:
    partitioner(std::size_t sticky_bytes, bool ignore_keys)
        : sticky_bytes_(sticky_bytes), ignore_keys_(ignore_keys) {}

    /// Requires: the topic has partitions.
    [[nodiscard]] std::int32_t choose(const topic_metadata& topic,
                                      const nullable_bytes& key,
                                      runtime::random_source& random);

    /// `bytes` of a record without key went where `choose` said.
    void note_appended(const std::string& topic, std::int32_t partition, std::size_t bytes);

  private:
    struct sticky {
        std::int32_t partition = -1;
        std::size_t bytes = 0;
    };

    std::size_t sticky_bytes_;
    bool ignore_keys_;
    std::map<std::string, sticky> sticky_;
};

}  // namespace verdikt::client
