/// The libraries behind `compression`, one class a codec. Internal.
///
/// Each appends to `output`. After an error the buffer may hold part of the result: `compression`
/// restores its size.
#pragma once

#include "kafka/records/byte_buffer.h"
#include "kafka/records/errc.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <memory>
#include <span>

namespace verdikt::kafka::records {

/// Appends to a buffer up to a limit: what a decompressor writes into while it does not know how
/// much is coming.
class bounded_output {
  public:
    bounded_output(byte_buffer& buffer, std::size_t limit)
        : buffer_(buffer), start_(buffer.size()), limit_(limit) {}

    [[nodiscard]] std::size_t written() const { return buffer_.size() - start_; }
    [[nodiscard]] bool is_full() const { return written() >= limit_; }

    /// Where to write next: at least a byte unless full, about `wanted` if the limit allows, and
    /// all that the buffer has anyway. Requires: `keep` says afterwards how much of it was written.
    [[nodiscard]] std::span<std::byte> room(std::size_t wanted) {
        const std::size_t spare = buffer_.capacity() - buffer_.size();
        const std::size_t count =
            std::min(std::max({wanted, spare, std::size_t{1}}), limit_ - written());
        return {buffer_.extend(count), count};
    }
    void keep(std::span<std::byte> room, std::size_t used) {
        buffer_.truncate(buffer_.size() - room.size() + used);
    }

  private:
    byte_buffer& buffer_;
    std::size_t start_;
    std::size_t limit_;
};

/// What to expect of text and JSON before anything is known.
[[nodiscard]] inline std::size_t likely_size(std::size_t compressed) {
    return std::max<std::size_t>(4 * compressed, 4096);
}

using codec_result = std::expected<void, errc>;
using input_bytes = std::span<const std::byte>;

class gzip_codec {
  public:
    gzip_codec();
    ~gzip_codec();
    gzip_codec(const gzip_codec&) = delete;
    gzip_codec& operator=(const gzip_codec&) = delete;

    codec_result compress(int level, input_bytes input, byte_buffer& output);
    codec_result decompress(input_bytes input, std::size_t limit, byte_buffer& output);

  private:
    struct streams;
    std::unique_ptr<streams> streams_;
};

class lz4_codec {
  public:
    lz4_codec();
    ~lz4_codec();
    lz4_codec(const lz4_codec&) = delete;
    lz4_codec& operator=(const lz4_codec&) = delete;

    codec_result compress(int level, input_bytes input, byte_buffer& output);
    codec_result decompress(input_bytes input, std::size_t limit, byte_buffer& output);

  private:
    struct contexts;
    std::unique_ptr<contexts> contexts_;
};

class zstd_codec {
  public:
    zstd_codec();
    ~zstd_codec();
    zstd_codec(const zstd_codec&) = delete;
    zstd_codec& operator=(const zstd_codec&) = delete;

    codec_result compress(int level, input_bytes input, byte_buffer& output);
    codec_result decompress(input_bytes input, std::size_t limit, byte_buffer& output);

  private:
    struct contexts;
    std::unique_ptr<contexts> contexts_;
};

/// Snappy needs no context.
codec_result snappy_compress(input_bytes input, byte_buffer& output);
codec_result snappy_decompress(input_bytes input, std::size_t limit, byte_buffer& output);

}  // namespace verdikt::kafka::records
