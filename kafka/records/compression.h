/// Kafka's codecs behind one interface.
///
/// What is written is what Kafka itself writes: gzip with one member, snappy in the xerial framing,
/// lz4 frames of independent 64 KiB blocks, zstd with the content size in the frame. What is read
/// is all that clients send: several gzip members, raw snappy blocks, lz4 with linked blocks or
/// content size or checksums, zstd without content size.
#pragma once

#include "kafka/records/byte_buffer.h"
#include "kafka/records/errc.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace verdikt::kafka::records {

/// The numbers are those in a batch's attributes.
enum class codec : std::uint8_t { none = 0, gzip = 1, snappy = 2, lz4 = 3, zstd = 4 };

/// As a producer's `compression.type` names it ("none", "gzip", ...).
[[nodiscard]] std::string_view name_of(codec which);
/// Takes a topic's word for none, too: "uncompressed".
[[nodiscard]] std::optional<codec> codec_named(std::string_view name);

/// The level that Kafka uses where none is configured, in the terms of the codec's own library:
/// gzip -1 (zlib's 6), lz4 0 (its fast mode), zstd 3; 0 for codecs without levels.
[[nodiscard]] int default_level(codec which);

/// Compresses and decompresses. Holds the libraries' contexts, which cost more to make than most
/// batches cost to compress: keep one for each thread, or share `compression::of_this_thread()`.
/// Not safe to use from two threads. Contexts are made when first needed.
class compression {
  public:
    compression();
    ~compression();
    compression(compression&&) noexcept;
    compression& operator=(compression&&) noexcept;

    [[nodiscard]] static compression& of_this_thread();

    /// Appends the compressed form of `input` to `output`; `output` is unchanged after an error.
    /// Requires: `input` does not point into `output`.
    std::expected<void, errc> compress(codec which,
                                       std::span<const std::byte> input,
                                       byte_buffer& output) {
        return compress(which, default_level(which), input, output);
    }
    std::expected<void, errc> compress(codec which,
                                       int level,
                                       std::span<const std::byte> input,
                                       byte_buffer& output);

    /// Appends what `input` decompresses to, if that is no more than `limit` bytes: memory is
    /// bounded by the limit, whatever the input claims. `output` is unchanged in size after an
    /// error. Requires: `input` does not point into `output`.
    std::expected<void, errc> decompress(codec which,
                                         std::span<const std::byte> input,
                                         std::size_t limit,
                                         byte_buffer& output);

  private:
    struct contexts;
    std::unique_ptr<contexts> contexts_;
};

}  // namespace verdikt::kafka::records
