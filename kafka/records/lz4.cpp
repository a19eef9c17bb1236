/// lz4 frames. Magic 2 batches need a correct header checksum and independent blocks; only message
/// format 0 had Kafka's broken checksum (KIP-57).
#include "kafka/records/codecs.h"

#include <lz4frame.h>

namespace verdikt::kafka::records {
namespace {

LZ4F_preferences_t kafka_preferences(int level) {
    LZ4F_preferences_t preferences = LZ4F_INIT_PREFERENCES;
    preferences.frameInfo.blockSizeID = LZ4F_max64KB;
    preferences.frameInfo.blockMode = LZ4F_blockIndependent;
    preferences.compressionLevel = level;
    // All input is there at once, so the library need not collect blocks in a buffer of its own.
    preferences.autoFlush = 1;
    return preferences;
}

/// Requires: `context` is new, or has ended its last frame well.
codec_result decompress_frame(LZ4F_dctx* context,
                              input_bytes input,
                              std::size_t limit,
                              byte_buffer& output) {
    // One byte more than allowed shows that there is more.
    bounded_output bounded(output, limit + 1);
    std::size_t wanted = likely_size(input.size());
    while (true) {
        const std::span<std::byte> room = bounded.room(wanted);
        std::size_t produced = room.size();
        std::size_t consumed = input.size();
        const std::size_t status =
            LZ4F_decompress(context, room.data(), &produced, input.data(), &consumed, nullptr);
        const bool failed = LZ4F_isError(status) != 0U;
        bounded.keep(room, failed ? 0 : produced);
        if (failed) return std::unexpected(errc::bad_compression);
        if (bounded.is_full()) return std::unexpected(errc::too_large);
        input = input.subspan(consumed);
        if (status == 0) break;
        // It stops early only when the room is full; otherwise it asks for input that is not there.
        const bool stuck = consumed == 0 && produced == 0;
        if (stuck || (produced < room.size() && input.empty())) {
            return std::unexpected(errc::bad_compression);
        }
        wanted = bounded.written();
    }
    // Kafka writes one frame; whatever follows it is not part of the batch.
    if (!input.empty()) return std::unexpected(errc::bad_compression);
    return {};
}

}  // namespace

struct lz4_codec::contexts {
    LZ4F_cctx* compressing = nullptr;
    LZ4F_dctx* decompressing = nullptr;

    contexts() = default;
    contexts(const contexts&) = delete;
    contexts& operator=(const contexts&) = delete;
    ~contexts() {
        LZ4F_freeCompressionContext(compressing);
        LZ4F_freeDecompressionContext(decompressing);
    }

    [[nodiscard]] bool can_compress() {
        return compressing != nullptr ||
               LZ4F_isError(LZ4F_createCompressionContext(&compressing, LZ4F_VERSION)) == 0U;
    }
    void drop_decompressing() {
        LZ4F_freeDecompressionContext(decompressing);
        decompressing = nullptr;
    }
    [[nodiscard]] bool can_decompress() {
        return decompressing != nullptr ||
               LZ4F_isError(LZ4F_createDecompressionContext(&decompressing, LZ4F_VERSION)) == 0U;
    }
};

lz4_codec::lz4_codec() : contexts_(std::make_unique<contexts>()) {}
lz4_codec::~lz4_codec() = default;

codec_result lz4_codec::compress(int level, input_bytes input, byte_buffer& output) {
    if (!contexts_->can_compress()) return std::unexpected(errc::compression_failed);
    LZ4F_cctx* const context = contexts_->compressing;
    const LZ4F_preferences_t preferences = kafka_preferences(level);
    const std::size_t bound = LZ4F_compressFrameBound(input.size(), &preferences);
    const std::size_t start = output.size();
    std::byte* const to = output.extend(bound);
    const std::size_t head = LZ4F_compressBegin(context, to, bound, &preferences);
    if (LZ4F_isError(head) != 0U) return std::unexpected(errc::compression_failed);
    const std::size_t body =
        LZ4F_compressUpdate(context, to + head, bound - head, input.data(), input.size(), nullptr);
    if (LZ4F_isError(body) != 0U) return std::unexpected(errc::compression_failed);
    const std::size_t tail =
        LZ4F_compressEnd(context, to + head + body, bound - head - body, nullptr);
    if (LZ4F_isError(tail) != 0U) return std::unexpected(errc::compression_failed);
    output.truncate(start + head + body + tail);
    return {};
}

codec_result lz4_codec::decompress(input_bytes input, std::size_t limit, byte_buffer& output) {
    if (!contexts_->can_decompress()) return std::unexpected(errc::compression_failed);
    const codec_result done = decompress_frame(contexts_->decompressing, input, limit, output);
    // The library's own reset forgets a failed frame but not how much of it was still to come
    // (1.9.4), and would hold that against the next frame, another client's.
    if (!done) contexts_->drop_decompressing();
    return done;
}

}  // namespace verdikt::kafka::records
