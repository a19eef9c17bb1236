/// Snappy in both dialects.
///
/// Java frames it (the "xerial" stream): a header of 16 bytes, then chunks of a length and a raw
/// block. librdkafka and others send one raw block. Both are read; the framing is written.
#include "kafka/endian.h"
#include "kafka/records/codecs.h"

#include <snappy.h>

#include <array>
#include <cstdint>
#include <cstring>

namespace verdikt::kafka::records {
namespace {

constexpr std::array<unsigned char, 16> xerial_header{
    0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1};
/// The first eight bytes; the two version numbers behind them are not looked at.
constexpr std::size_t xerial_magic_size = 8;
constexpr std::size_t chunk_length_size = 4;
/// Java's block size.
constexpr std::size_t chunk_size = 32 * 1024;

const char* as_chars(const std::byte* bytes) {
    return reinterpret_cast<const char*>(bytes);
}
char* as_chars(std::byte* bytes) {
    return reinterpret_cast<char*>(bytes);
}

codec_result decompress_block(input_bytes block, std::size_t limit, byte_buffer& output) {
    std::size_t size = 0;
    if (!snappy::GetUncompressedLength(as_chars(block.data()), block.size(), &size)) {
        return std::unexpected(errc::bad_compression);
    }
    if (size > limit) return std::unexpected(errc::too_large);
    char* const to = as_chars(output.extend(size));
    if (!snappy::RawUncompress(as_chars(block.data()), block.size(), to)) {
        return std::unexpected(errc::bad_compression);
    }
    return {};
}

codec_result decompress_chunks(input_bytes chunks, std::size_t limit, byte_buffer& output) {
    const std::size_t start = output.size();
    while (!chunks.empty()) {
        if (chunks.size() < chunk_length_size) return std::unexpected(errc::bad_compression);
        const auto length = load_big_endian<std::uint32_t>(chunks.data());
        chunks = chunks.subspan(chunk_length_size);
        if (length > chunks.size()) return std::unexpected(errc::bad_compression);
        const std::size_t left = limit - (output.size() - start);
        const auto done = decompress_block(chunks.first(length), left, output);
        if (!done) return done;
        chunks = chunks.subspan(length);
    }
    return {};
}

}  // namespace

codec_result snappy_compress(input_bytes input, byte_buffer& output) {
    output.append(std::as_bytes(std::span(xerial_header)));
    while (!input.empty()) {
        const input_bytes chunk = input.first(std::min(input.size(), chunk_size));
        const std::size_t bound = chunk_length_size + snappy::MaxCompressedLength(chunk.size());
        const std::size_t start = output.size();
        std::byte* const to = output.extend(bound);
        std::size_t length = 0;
        snappy::RawCompress(
            as_chars(chunk.data()), chunk.size(), as_chars(to + chunk_length_size), &length);
        store_big_endian<std::uint32_t>(to, static_cast<std::uint32_t>(length));
        output.truncate(start + chunk_length_size + length);
        input = input.subspan(chunk.size());
    }
    return {};
}

codec_result snappy_decompress(input_bytes input, std::size_t limit, byte_buffer& output) {
    const bool framed = input.size() >= xerial_header.size() &&
                        std::memcmp(input.data(), xerial_header.data(), xerial_magic_size) == 0;
    if (framed) return decompress_chunks(input.subspan(xerial_header.size()), limit, output);
    return decompress_block(input, limit, output);
}

}  // namespace verdikt::kafka::records
