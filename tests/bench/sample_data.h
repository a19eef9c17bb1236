/// Data to measure with: the same bytes in every run.
#pragma once

#include "kafka/records/batch_builder.h"
#include "kafka/records/byte_buffer.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace verdikt::bench {

/// Steele, Lea, Flood 2014 (SplitMix64).
class noise_source {
  public:
    std::uint64_t next() {
        std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return mixed ^ (mixed >> 31);
    }

  private:
    std::uint64_t state_ = 1;
};

/// Bytes that do not compress.
[[nodiscard]] kafka::records::byte_buffer noise(std::size_t size);

/// JSON events as services log them: compresses about fourfold.
[[nodiscard]] std::string events(std::size_t size);

/// A batch of about `batch_size` bytes before compression, of records with values of `value_size`,
/// no keys.
[[nodiscard]] kafka::records::byte_buffer sample_batch(std::size_t batch_size,
                                                       std::size_t value_size,
                                                       kafka::records::codec which);

}  // namespace verdikt::bench
