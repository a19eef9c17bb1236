#include "kafka/records/compression.h"

#include "sample.h"

#include <gtest/gtest.h>
#include <lz4frame.h>
#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <random>
#include <string>

namespace verdikt::kafka::records {
namespace {

constexpr std::array real_codecs{codec::gzip, codec::snappy, codec::lz4, codec::zstd};

/// Text that compresses about as records do.
std::string prose(std::size_t size) {
    std::mt19937 generator(1);
    std::string text;
    while (text.size() < size) {
        text += "user-" + std::to_string(generator() % 1000) + " clicked " +
                std::to_string(generator() % 50) + "; ";
    }
    text.resize(size);
    return text;
}

std::string noisy_text(std::size_t size) {
    std::mt19937 generator(2);
    std::string text(size, ' ');
    for (char& each : text) each = static_cast<char>(generator());
    return text;
}

byte_buffer compressed(codec which, std::string_view text) {
    byte_buffer output;
    EXPECT_TRUE(compression::of_this_thread().compress(which, bytes_of(text), output).has_value());
    return output;
}

std::expected<std::string, errc> decompressed(codec which,
                                              std::span<const std::byte> input,
                                              std::size_t limit = generous_limit) {
    byte_buffer output;
    const auto done = compression::of_this_thread().decompress(which, input, limit, output);
    if (done) return text_of(output.bytes());
    EXPECT_TRUE(output.empty()) << "something is left after an error";
    return std::unexpected(done.error());
}

TEST(compression, any_bytes_come_back_from_every_codec) {
    EXPECT_TRUE(rc::check([](const std::string& text, codec which) {
        RC_ASSERT(decompressed(which, compressed(which, text).bytes()).value() == text);
    }));
}

TEST(compression, every_size_around_a_block_boundary_comes_back) {
    for (const std::size_t boundary : {0UL, 32UL << 10, 64UL << 10, 128UL << 10, 1UL << 20}) {
        const std::string text = prose(boundary + 2);
        for (std::size_t size = boundary == 0 ? 0 : boundary - 1; size <= boundary + 1; ++size) {
            const auto part = std::string_view(text).substr(0, size);
            for (const codec which : real_codecs) {
                EXPECT_TRUE(decompressed(which, compressed(which, part).bytes()).value() == part)
                    << name_of(which) << " " << size;
            }
        }
    }
}

TEST(compression, what_does_not_compress_comes_back_too) {
    const std::string text = noisy_text(300'000);
    for (const codec which : real_codecs) {
        EXPECT_TRUE(decompressed(which, compressed(which, text).bytes()).value() == text)
            << name_of(which);
    }
}

TEST(compression, appends_behind_what_the_buffer_holds) {
    for (const codec which : real_codecs) {
        byte_buffer packed;
        packed.append(bytes_of("head"));
        auto& codecs = compression::of_this_thread();
        ASSERT_TRUE(codecs.compress(which, bytes_of("body"), packed).has_value());
        EXPECT_EQ(text_of(packed.bytes().first(4)), "head");
        byte_buffer unpacked;
        unpacked.append(bytes_of("tail:"));
        ASSERT_TRUE(codecs.decompress(which, packed.bytes().subspan(4), 4, unpacked).has_value());
        EXPECT_EQ(text_of(unpacked.bytes()), "tail:body");
    }
}

TEST(compression, the_limit_is_exact) {
    const std::string text = prose(100'000);
    for (const codec which : real_codecs) {
        const byte_buffer packed = compressed(which, text);
        EXPECT_TRUE(decompressed(which, packed.bytes(), text.size()).has_value()) << name_of(which);
        EXPECT_EQ(decompressed(which, packed.bytes(), text.size() - 1).error(), errc::too_large)
            << name_of(which);
        EXPECT_EQ(decompressed(which, packed.bytes(), 0).error(), errc::too_large)
            << name_of(which);
    }
}

TEST(compression, a_bomb_takes_no_more_memory_than_the_limit) {
    const std::string zeros(32 << 20, '\0');
    for (const codec which : real_codecs) {
        const byte_buffer packed = compressed(which, zeros);
        byte_buffer output;
        auto& codecs = compression::of_this_thread();
        EXPECT_EQ(codecs.decompress(which, packed.bytes(), 1 << 20, output).error(),
                  errc::too_large);
        EXPECT_LE(output.capacity(), std::size_t{3} << 20) << name_of(which);
    }
}

TEST(compression, one_cut_short_is_malformed) {
    const std::string text = prose(5000);
    for (const codec which : real_codecs) {
        const byte_buffer packed = compressed(which, text);
        for (std::size_t size = 0; size < packed.size(); ++size) {
            const auto cut = decompressed(which, packed.bytes().first(size));
            // Chunks of the xerial framing are whole by themselves; the record count tells.
            if (which == codec::snappy && cut.has_value()) continue;
            ASSERT_FALSE(cut.has_value()) << name_of(which) << " " << size;
            EXPECT_EQ(cut.error(), errc::bad_compression) << name_of(which) << " " << size;
        }
    }
}

TEST(compression, a_damaged_stream_is_an_error_or_other_bytes_and_the_next_one_is_read_well) {
    const std::string text = prose(3000);
    EXPECT_TRUE(rc::check([&](codec which) {
        RC_PRE(which != codec::none);
        const byte_buffer good = compressed(which, text);
        byte_buffer bad;
        bad.append(good.bytes());
        bad.bytes()[*rc::gen::inRange<std::size_t>(0, bad.size())] ^= std::byte{0x55};
        static_cast<void>(decompressed(which, bad.bytes(), 1 << 20));
        RC_ASSERT(decompressed(which, good.bytes()).value() == text);
    }));
}

TEST(compression, garbage_behind_the_stream_is_an_error) {
    for (const codec which : real_codecs) {
        byte_buffer packed = compressed(which, "text");
        packed.append(bytes_of("garbage"));
        EXPECT_EQ(decompressed(which, packed.bytes()).error(), errc::bad_compression)
            << name_of(which);
    }
}

TEST(compression, snappy_is_written_in_javas_framing_and_read_raw_as_well) {
    const std::string text = prose(100'000);
    const byte_buffer framed = compressed(codec::snappy, text);
    EXPECT_EQ(text_of(framed.bytes().first(16)), std::string("\x82SNAPPY\0\0\0\0\1\0\0\0\1", 16));
    std::string raw;
    snappy::Compress(text.data(), text.size(), &raw);
    EXPECT_TRUE(decompressed(codec::snappy, bytes_of(raw)).value() == text);
    EXPECT_EQ(decompressed(codec::snappy, bytes_of(raw), text.size() - 1).error(), errc::too_large);
}

TEST(compression, zstd_without_content_size_is_read) {
    const std::string text = prose(3'000'000);
    std::string packed(ZSTD_compressBound(text.size()), ' ');
    ZSTD_CCtx* const context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
    packed.resize(ZSTD_compress2(context, packed.data(), packed.size(), text.data(), text.size()));
    ZSTD_freeCCtx(context);
    ASSERT_EQ(ZSTD_getFrameContentSize(packed.data(), packed.size()), ZSTD_CONTENTSIZE_UNKNOWN);
    EXPECT_TRUE(decompressed(codec::zstd, bytes_of(packed)).value() == text);
    EXPECT_TRUE(decompressed(codec::zstd, bytes_of(packed), text.size()).has_value());
    EXPECT_EQ(decompressed(codec::zstd, bytes_of(packed), text.size() - 1).error(),
              errc::too_large);
    EXPECT_EQ(decompressed(codec::zstd, bytes_of(packed).first(packed.size() - 1)).error(),
              errc::bad_compression);
}

TEST(compression, zstd_streams_of_any_ratio_without_content_size_respect_the_limit) {
    const std::string zeros(5 << 20, '\0');
    std::string packed(ZSTD_compressBound(zeros.size()), ' ');
    ZSTD_CCtx* const context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
    packed.resize(
        ZSTD_compress2(context, packed.data(), packed.size(), zeros.data(), zeros.size()));
    ZSTD_freeCCtx(context);
    EXPECT_TRUE(decompressed(codec::zstd, bytes_of(packed)).value() == zeros);
    EXPECT_EQ(decompressed(codec::zstd, bytes_of(packed), 1 << 20).error(), errc::too_large);
}

std::string lz4_frame(std::string_view text, const LZ4F_preferences_t& preferences) {
    std::string frame(LZ4F_compressFrameBound(text.size(), &preferences), ' ');
    frame.resize(
        LZ4F_compressFrame(frame.data(), frame.size(), text.data(), text.size(), &preferences));
    return frame;
}

TEST(compression, lz4_frames_of_every_kind_are_read) {
    const std::string text = prose(1'000'000);
    for (const bool linked : {false, true}) {
        for (const bool sized : {false, true}) {
            for (const bool summed : {false, true}) {
                LZ4F_preferences_t preferences = LZ4F_INIT_PREFERENCES;
                preferences.frameInfo.blockMode = linked ? LZ4F_blockLinked : LZ4F_blockIndependent;
                preferences.frameInfo.blockSizeID = summed ? LZ4F_max4MB : LZ4F_max64KB;
                preferences.frameInfo.contentSize = sized ? text.size() : 0;
                preferences.frameInfo.contentChecksumFlag =
                    summed ? LZ4F_contentChecksumEnabled : LZ4F_noContentChecksum;
                const std::string frame = lz4_frame(text, preferences);
                EXPECT_TRUE(decompressed(codec::lz4, bytes_of(frame)).value() == text);
            }
        }
    }
}

TEST(compression, an_lz4_frame_cut_off_before_the_size_it_claims_does_not_spoil_the_next_one) {
    const std::string text = prose(5000);
    LZ4F_preferences_t preferences = LZ4F_INIT_PREFERENCES;
    preferences.frameInfo.contentSize = text.size();
    const std::string frame = lz4_frame(text, preferences);
    EXPECT_FALSE(decompressed(codec::lz4, bytes_of(frame).first(frame.size() / 2)).has_value());
    EXPECT_EQ(decompressed(codec::lz4, compressed(codec::lz4, text).bytes()).value(), text);
}

TEST(compression, lz4_is_written_as_independent_blocks_of_64_kib_without_content_size) {
    const byte_buffer frame = compressed(codec::lz4, prose(200'000));
    const auto descriptor = std::to_integer<unsigned>(frame.bytes()[4]);
    EXPECT_EQ(descriptor, 0x60U) << "version 1, independent blocks, no checksums, no content size";
    EXPECT_EQ(std::to_integer<unsigned>(frame.bytes()[5]), 0x40U) << "64 KiB";
}

TEST(compression, lz4_with_kafkas_old_broken_header_checksum_is_refused) {
    byte_buffer frame = compressed(codec::lz4, "text");
    frame.bytes()[6] ^= std::byte{1};
    EXPECT_EQ(decompressed(codec::lz4, frame.bytes()).error(), errc::bad_compression);
}

TEST(compression, gzip_of_several_members_is_joined_as_java_does) {
    byte_buffer packed = compressed(codec::gzip, "first, ");
    packed.append(compressed(codec::gzip, "second").bytes());
    EXPECT_EQ(decompressed(codec::gzip, packed.bytes()).value(), "first, second");
}

TEST(compression, gzip_without_its_wrapping_is_refused) {
    std::string packed(1000, ' ');
    uLongf size = packed.size();
    ASSERT_EQ(compress(reinterpret_cast<Bytef*>(packed.data()),
                       &size,
                       reinterpret_cast<const Bytef*>("text"),
                       4),
              Z_OK);
    EXPECT_EQ(decompressed(codec::gzip, bytes_of(packed).first(size)).error(),
              errc::bad_compression);
}

TEST(compression, levels_trade_size_for_time_and_change_nothing_else) {
    const std::string text = prose(200'000);
    auto& codecs = compression::of_this_thread();
    for (const auto& [which, low, high] : {std::tuple(codec::gzip, 1, 9),
                                           std::tuple(codec::lz4, 0, 9),
                                           std::tuple(codec::zstd, 1, 19)}) {
        byte_buffer fast;
        byte_buffer small;
        ASSERT_TRUE(codecs.compress(which, low, bytes_of(text), fast).has_value());
        ASSERT_TRUE(codecs.compress(which, high, bytes_of(text), small).has_value());
        EXPECT_LT(small.size(), fast.size()) << name_of(which);
        EXPECT_TRUE(decompressed(which, fast.bytes()).value() == text) << name_of(which);
        EXPECT_TRUE(decompressed(which, small.bytes()).value() == text) << name_of(which);
    }
}

TEST(compression, codecs_go_by_kafkas_names) {
    for (const codec which : real_codecs) EXPECT_EQ(codec_named(name_of(which)), which);
    EXPECT_EQ(codec_named("none"), codec::none);
    EXPECT_EQ(codec_named("uncompressed"), codec::none);
    EXPECT_EQ(codec_named("brotli"), std::nullopt);
}

}  // namespace
}  // namespace verdikt::kafka::records
