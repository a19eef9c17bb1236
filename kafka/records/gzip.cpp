/// gzip (RFC 1952) through zlib.
#include "kafka/records/codecs.h"

#include <zlib.h>

#include <limits>

namespace verdikt::kafka::records {
namespace {

/// Window of 32 KiB; 16 more asks zlib for the gzip wrapping.
constexpr int gzip_window_bits = 15 + 16;
constexpr int memory_level = 8;
/// zlib counts in 32 bits.
constexpr std::size_t step_max = std::numeric_limits<uInt>::max();

/// zlib takes its input as non-const and does not write to it.
Bytef* as_zlib(const std::byte* bytes) {
    return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes));
}

}  // namespace

struct gzip_codec::streams {
    z_stream deflating{};
    z_stream inflating{};
    int level = 0;  ///< That `deflating` was made with.
    bool can_deflate = false;
    bool can_inflate = false;

    streams() = default;
    streams(const streams&) = delete;
    streams& operator=(const streams&) = delete;
    ~streams() {
        if (can_deflate) deflateEnd(&deflating);
        if (can_inflate) inflateEnd(&inflating);
    }

    /// Ready to compress from the start.
    [[nodiscard]] bool start_deflating(int wanted_level) {
        if (can_deflate && level == wanted_level) return deflateReset(&deflating) == Z_OK;
        if (can_deflate) deflateEnd(&deflating);
        can_deflate = deflateInit2(&deflating,
                                   wanted_level,
                                   Z_DEFLATED,
                                   gzip_window_bits,
                                   memory_level,
                                   Z_DEFAULT_STRATEGY) == Z_OK;
        level = wanted_level;
        return can_deflate;
    }
    /// Ready to decompress from the start.
    [[nodiscard]] bool start_inflating() {
        if (can_inflate) return inflateReset(&inflating) == Z_OK;
        can_inflate = inflateInit2(&inflating, gzip_window_bits) == Z_OK;
        return can_inflate;
    }
};

gzip_codec::gzip_codec() : streams_(std::make_unique<streams>()) {}
gzip_codec::~gzip_codec() = default;

codec_result gzip_codec::compress(int level, input_bytes input, byte_buffer& output) {
    if (input.size() > step_max || !streams_->start_deflating(level)) {
        return std::unexpected(errc::compression_failed);
    }
    z_stream& stream = streams_->deflating;
    const std::size_t bound = std::min<std::size_t>(deflateBound(&stream, input.size()), step_max);
    const std::size_t start = output.size();
    stream.next_in = as_zlib(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(output.extend(bound));
    stream.avail_out = static_cast<uInt>(bound);
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        return std::unexpected(errc::compression_failed);
    output.truncate(start + bound - stream.avail_out);
    return {};
}

codec_result gzip_codec::decompress(input_bytes input, std::size_t limit, byte_buffer& output) {
    if (input.size() > step_max) return std::unexpected(errc::too_large);
    if (!streams_->start_inflating()) return std::unexpected(errc::compression_failed);
    z_stream& stream = streams_->inflating;
    stream.next_in = as_zlib(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    // One byte more than allowed shows that there is more, without asking zlib what it still holds.
    bounded_output bounded(output, limit + 1);
    for (std::size_t wanted = likely_size(input.size());; wanted = bounded.written()) {
        const std::span<std::byte> room = bounded.room(std::min(wanted, step_max));
        const std::size_t usable = std::min(room.size(), step_max);
        stream.next_out = reinterpret_cast<Bytef*>(room.data());
        stream.avail_out = static_cast<uInt>(usable);
        const int status = inflate(&stream, Z_NO_FLUSH);
        bounded.keep(room, usable - stream.avail_out);
        if (bounded.is_full()) return std::unexpected(errc::too_large);
        if (status == Z_STREAM_END) {
            if (stream.avail_in == 0) return {};
            // Another member follows; Java's reader joins them, too.
            if (inflateReset(&stream) != Z_OK) return std::unexpected(errc::bad_compression);
            continue;
        }
        const bool needs_room = stream.avail_out == 0;
        if (status != Z_OK && status != Z_BUF_ERROR) return std::unexpected(errc::bad_compression);
        if (!needs_room) return std::unexpected(errc::bad_compression);
    }
}

}  // namespace verdikt::kafka::records
