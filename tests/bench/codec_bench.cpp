/// What our codecs add to the libraries that do the work: framing, growing the output, finding out
/// its size. The bare call writes into memory that is ready and knows how much will come.
#include "kafka/records/compression.h"
#include "race.h"
#include "sample_data.h"
#include "sections.h"

#include <lz4frame.h>
#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include <fmt/format.h>
#include <functional>
#include <string>

namespace verdikt::bench {
namespace {

namespace records = kafka::records;
using records::codec;

struct bare_calls {
    std::function<std::size_t(const std::string& from, std::string& to)> compress;
    std::function<void(const std::string& from, std::string& to)> decompress;
};

Bytef* as_zlib(const char* text) {
    return reinterpret_cast<Bytef*>(const_cast<char*>(text));
}

std::size_t bare_gzip(const std::string& from, std::string& to) {
    z_stream stream{};
    deflateInit2(&stream, -1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    stream.next_in = as_zlib(from.data());
    stream.avail_in = static_cast<uInt>(from.size());
    stream.next_out = as_zlib(to.data());
    stream.avail_out = static_cast<uInt>(to.size());
    deflate(&stream, Z_FINISH);
    deflateEnd(&stream);
    return stream.total_out;
}

void bare_gunzip(const std::string& from, std::string& to) {
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    stream.next_in = as_zlib(from.data());
    stream.avail_in = static_cast<uInt>(from.size());
    stream.next_out = as_zlib(to.data());
    stream.avail_out = static_cast<uInt>(to.size());
    inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
}

void bare_lz4_decompress(const std::string& from, std::string& to) {
    LZ4F_dctx* context = nullptr;
    LZ4F_createDecompressionContext(&context, LZ4F_VERSION);
    std::size_t produced = to.size();
    std::size_t consumed = from.size();
    LZ4F_decompress(context, to.data(), &produced, from.data(), &consumed, nullptr);
    LZ4F_freeDecompressionContext(context);
}

bare_calls bare(codec which) {
    switch (which) {
        case codec::gzip:
            return {bare_gzip, bare_gunzip};
        case codec::snappy:
            return {[](const std::string& from, std::string& to) {
                        std::size_t size = 0;
                        snappy::RawCompress(from.data(), from.size(), to.data(), &size);
                        return size;
                    },
                    [](const std::string& from, std::string& to) {
                        snappy::RawUncompress(from.data(), from.size(), to.data());
                    }};
        case codec::lz4:
            return {[](const std::string& from, std::string& to) {
                        return LZ4F_compressFrame(
                            to.data(), to.size(), from.data(), from.size(), nullptr);
                    },
                    bare_lz4_decompress};
        case codec::zstd:
            return {[](const std::string& from, std::string& to) {
                        return ZSTD_compress(to.data(), to.size(), from.data(), from.size(), 3);
                    },
                    [](const std::string& from, std::string& to) {
                        ZSTD_decompress(to.data(), to.size(), from.data(), from.size());
                    }};
        case codec::none:
            break;
    }
    return {};
}

void compare(codec which, std::size_t size, const settings& settings) {
    const std::string text = events(size);
    const bare_calls calls = bare(which);
    std::string bare_packed(2 * size + 4096, ' ');
    std::string bare_unpacked(size, ' ');
    auto& codecs = records::compression::of_this_thread();
    records::byte_buffer packed;
    records::byte_buffer unpacked;
    const auto from = std::as_bytes(std::span(text));
    const std::size_t packed_size = calls.compress(text, bare_packed);
    const std::string packed_text = bare_packed.substr(0, packed_size);

    const std::string_view name = records::name_of(which);
    race_and_print(
        fmt::format("{} of {} KiB: compress (to {:.0f} %)",
                    name,
                    size >> 10,
                    100.0 * static_cast<double>(packed_size) / static_cast<double>(size)),
        {{"bare call",
          [&] {
              keep(calls.compress(text, bare_packed));
              return size;
          }},
         {"ours",
          [&] {
              packed.clear();
              keep(codecs.compress(which, from, packed).has_value());
              return size;
          }}},
        settings,
        megabytes);
    race_and_print(
        fmt::format("{} of {} KiB: decompress", name, size >> 10),
        {{"bare call",
          [&] {
              calls.decompress(packed_text, bare_unpacked);
              keep(bare_unpacked.data());
              return size;
          }},
         {"ours",
          [&] {
              unpacked.clear();
              keep(codecs.decompress(which, packed.bytes(), 2 * size, unpacked).has_value());
              return size;
          }}},
        settings,
        megabytes);
}

}  // namespace

void run_codec_section(const settings& settings) {
    for (const codec which : {codec::gzip, codec::snappy, codec::lz4, codec::zstd}) {
        compare(which, std::size_t{16} << 10, settings);
        compare(which, std::size_t{1} << 20, settings);
    }
}

}  // namespace verdikt::bench
