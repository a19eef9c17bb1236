/// zstd frames, with or without their content size.
///
/// Decompression writes straight into the buffer of the caller, which serves as the window: memory
/// is bounded by the caller's limit and not by the window that a frame asks for (up to 128 MiB and
/// more). The price is a second attempt with more room when a frame does not say how much it needs.
#include "kafka/records/codecs.h"

#include <zstd.h>
#include <zstd_errors.h>

namespace verdikt::kafka::records {

struct zstd_codec::contexts {
    ZSTD_CCtx* compressing = nullptr;
    ZSTD_DCtx* decompressing = nullptr;

    contexts() = default;
    contexts(const contexts&) = delete;
    contexts& operator=(const contexts&) = delete;
    ~contexts() {
        ZSTD_freeCCtx(compressing);
        ZSTD_freeDCtx(decompressing);
    }

    [[nodiscard]] bool can_compress() {
        if (compressing == nullptr) compressing = ZSTD_createCCtx();
        return compressing != nullptr;
    }
    [[nodiscard]] bool can_decompress() {
        if (decompressing == nullptr) decompressing = ZSTD_createDCtx();
        return decompressing != nullptr;
    }
};

zstd_codec::zstd_codec() : contexts_(std::make_unique<contexts>()) {}
zstd_codec::~zstd_codec() = default;

codec_result zstd_codec::compress(int level, input_bytes input, byte_buffer& output) {
    if (!contexts_->can_compress()) return std::unexpected(errc::compression_failed);
    const std::size_t bound = ZSTD_compressBound(input.size());
    const std::size_t start = output.size();
    std::byte* const to = output.extend(bound);
    const std::size_t size =
        ZSTD_compressCCtx(contexts_->compressing, to, bound, input.data(), input.size(), level);
    if (ZSTD_isError(size) != 0U) return std::unexpected(errc::compression_failed);
    output.truncate(start + size);
    return {};
}

codec_result zstd_codec::decompress(input_bytes input, std::size_t limit, byte_buffer& output) {
    if (!contexts_->can_decompress()) return std::unexpected(errc::compression_failed);
    const unsigned long long claimed = ZSTD_getFrameContentSize(input.data(), input.size());
    if (claimed == ZSTD_CONTENTSIZE_ERROR) return std::unexpected(errc::bad_compression);
    const bool is_known = claimed != ZSTD_CONTENTSIZE_UNKNOWN;
    if (is_known && claimed > limit) return std::unexpected(errc::too_large);
    bounded_output bounded(output, limit);
    std::size_t wanted = is_known ? static_cast<std::size_t>(claimed) : likely_size(input.size());
    while (true) {
        const std::span<std::byte> room = bounded.room(wanted);
        const std::size_t size = ZSTD_decompressDCtx(
            contexts_->decompressing, room.data(), room.size(), input.data(), input.size());
        const bool failed = ZSTD_isError(size) != 0U;
        bounded.keep(room, failed ? 0 : size);
        if (!failed) return {};
        if (ZSTD_getErrorCode(size) != ZSTD_error_dstSize_tooSmall) {
            return std::unexpected(errc::bad_compression);
        }
        if (room.size() == limit) return std::unexpected(errc::too_large);
        wanted = 4 * room.size();
    }
}

}  // namespace verdikt::kafka::records
