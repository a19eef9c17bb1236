/// What the tests of record batches share: bytes from text, records that own their bytes,
/// generators.
#pragma once

#include "kafka/records/batch_builder.h"
#include "kafka/records/record.h"

#include <rapidcheck.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdikt::kafka::records {

inline std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

inline std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline std::optional<std::string> nullable_text(const nullable_bytes& bytes) {
    if (!bytes) return std::nullopt;
    return text_of(*bytes);
}

using optional_text = std::optional<std::string>;

/// A record that owns its bytes.
struct sample_record {
    std::int64_t time = 0;
    optional_text key;
    optional_text value;
    std::vector<std::pair<std::string, optional_text>> headers;

    bool operator==(const sample_record&) const = default;
};

inline nullable_bytes borrowed(const optional_text& text) {
    if (!text) return std::nullopt;
    return bytes_of(*text);
}

inline void append_to(batch_builder& builder, const sample_record& sample) {
    std::vector<record_header> headers;
    for (const auto& [key, value] : sample.headers) headers.push_back({key, borrowed(value)});
    builder.append({timestamp(sample.time), borrowed(sample.key), borrowed(sample.value), headers});
}

inline byte_buffer batch_of(const std::vector<sample_record>& samples,
                            const batch_options& options = {}) {
    batch_builder builder;
    for (const sample_record& sample : samples) append_to(builder, sample);
    const auto built = builder.build(options, compression::of_this_thread());
    byte_buffer batch;
    batch.append(built.value());
    return batch;
}

inline sample_record owned(const record_view& record, const batch_header& header) {
    sample_record sample{.time = record.timestamp_in(header).value(),
                         .key = nullable_text(record.key),
                         .value = nullable_text(record.value),
                         .headers = {}};
    for (const record_header& each : record.headers) {
        sample.headers.emplace_back(each.key, nullable_text(each.value));
    }
    return sample;
}

inline constexpr std::size_t generous_limit = std::size_t{64} << 20;

/// The records of a whole batch, decompressed.
inline std::expected<std::vector<sample_record>, errc> read_all(const batch_view& batch) {
    byte_buffer scratch;
    const auto payload =
        uncompressed_payload(batch, compression::of_this_thread(), generous_limit, scratch);
    if (!payload) return std::unexpected(payload.error());
    std::vector<sample_record> samples;
    record_reader reader(*payload, batch.record_count());
    while (!reader.done()) {
        const auto record = reader.next();
        if (!record) return std::unexpected(record.error());
        samples.push_back(owned(*record, batch.header()));
    }
    return samples;
}

}  // namespace verdikt::kafka::records

namespace rc {

template <>
struct Arbitrary<verdikt::kafka::records::sample_record> {
    static Gen<verdikt::kafka::records::sample_record> arbitrary() {
        using verdikt::kafka::records::optional_text;
        using verdikt::kafka::records::sample_record;
        const auto text = gen::map(gen::maybe(gen::arbitrary<std::string>()),
                                   [](const Maybe<std::string>& maybe) {
                                       return maybe ? optional_text(*maybe) : optional_text();
                                   });
        return gen::build<sample_record>(
            gen::set(&sample_record::time, gen::arbitrary<std::int64_t>()),
            gen::set(&sample_record::key, text),
            gen::set(&sample_record::value, text),
            gen::set(&sample_record::headers,
                     gen::container<std::vector<std::pair<std::string, optional_text>>>(
                         gen::pair(gen::arbitrary<std::string>(), text))));
    }
};

template <>
struct Arbitrary<verdikt::kafka::records::codec> {
    static Gen<verdikt::kafka::records::codec> arbitrary() {
        using verdikt::kafka::records::codec;
        return gen::element(codec::none, codec::gzip, codec::snappy, codec::lz4, codec::zstd);
    }
};

}  // namespace rc
