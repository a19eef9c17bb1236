#include "kafka/records/compression.h"

#include "kafka/records/codecs.h"

#include <algorithm>
#include <array>
#include <limits>

namespace verdikt::kafka::records {
namespace {

constexpr std::array all_codecs{codec::none, codec::gzip, codec::snappy, codec::lz4, codec::zstd};

/// `output` as it was before, unless `done`.
codec_result restore_after_error(codec_result done, std::size_t size, byte_buffer& output) {
    if (!done) output.truncate(size);
    return done;
}

}  // namespace

std::string_view name_of(codec which) {
    switch (which) {
        case codec::none:
            return "none";
        case codec::gzip:
            return "gzip";
        case codec::snappy:
            return "snappy";
        case codec::lz4:
            return "lz4";
        case codec::zstd:
            return "zstd";
    }
    return "unknown";
}

std::optional<codec> codec_named(std::string_view name) {
    if (name == "uncompressed") return codec::none;
    const auto found = std::ranges::find(all_codecs, name, name_of);
    if (found == all_codecs.end()) return std::nullopt;
    return *found;
}

int default_level(codec which) {
    switch (which) {
        case codec::gzip:
            return -1;
        case codec::zstd:
            return 3;
        case codec::none:
        case codec::snappy:
        case codec::lz4:
            return 0;
    }
    return 0;
}

struct compression::contexts {
    gzip_codec gzip;
    lz4_codec lz4;
    zstd_codec zstd;
};

compression::compression() : contexts_(std::make_unique<contexts>()) {}
compression::~compression() = default;
compression::compression(compression&&) noexcept = default;
compression& compression::operator=(compression&&) noexcept = default;

compression& compression::of_this_thread() {
    thread_local compression mine;
    return mine;
}

std::expected<void, errc> compression::compress(codec which,
                                                int level,
                                                std::span<const std::byte> input,
                                                byte_buffer& output) {
    const std::size_t size = output.size();
    const auto run = [&]() -> codec_result {
        switch (which) {
            case codec::none:
                output.append(input);
                return {};
            case codec::gzip:
                return contexts_->gzip.compress(level, input, output);
            case codec::snappy:
                return snappy_compress(input, output);
            case codec::lz4:
                return contexts_->lz4.compress(level, input, output);
            case codec::zstd:
                return contexts_->zstd.compress(level, input, output);
        }
        return std::unexpected(errc::unknown_codec);
    };
    return restore_after_error(run(), size, output);
}

std::expected<void, errc> compression::decompress(codec which,
                                                  std::span<const std::byte> input,
                                                  std::size_t limit,
                                                  byte_buffer& output) {
    const std::size_t size = output.size();
    limit = std::min(limit, std::numeric_limits<std::size_t>::max() / 2);
    const auto run = [&]() -> codec_result {
        switch (which) {
            case codec::none:
                if (input.size() > limit) return std::unexpected(errc::too_large);
                output.append(input);
                return {};
            case codec::gzip:
                return contexts_->gzip.decompress(input, limit, output);
            case codec::snappy:
                return snappy_decompress(input, limit, output);
            case codec::lz4:
                return contexts_->lz4.decompress(input, limit, output);
            case codec::zstd:
                return contexts_->zstd.decompress(input, limit, output);
        }
        return std::unexpected(errc::unknown_codec);
    };
    return restore_after_error(run(), size, output);
}

}  // namespace verdikt::kafka::records
