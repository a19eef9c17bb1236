/// Decodes one record. Internal: inlined into the loops of record.cpp and validation.cpp, which a
/// produce request runs once a record.
#pragma once

#include "kafka/records/record.h"
#include "kafka/varint.h"

#include <cstddef>
#include <cstdint>

namespace verdikt::kafka::records {

/// Each `take_...` reads at `at`, never at or past `end`, and returns where it stopped, or null if
/// the bytes are malformed.
template <typename Unsigned>
const std::byte* take_long_uvarint(const std::byte* at, const std::byte* end, Unsigned& value) {
    constexpr int bits = sizeof(Unsigned) * 8;
    value = 0;
    for (int shift = 0; shift < bits; shift += 7) {
        if (at == end) return nullptr;
        const auto byte = std::to_integer<std::uint8_t>(*at++);
        if (shift + 7 > bits && (byte >> (bits - shift)) != 0) return nullptr;
        value |= static_cast<Unsigned>(byte & 0x7fU) << shift;
        if (byte < 0x80) return at;
    }
    return nullptr;
}

/// Nearly all are of one byte or two: deltas, lengths and counts of small records.
template <typename Unsigned>
[[gnu::always_inline]] inline const std::byte* take_uvarint(const std::byte* at,
                                                            const std::byte* end,
                                                            Unsigned& value) {
    if (at == end) [[unlikely]]
        return nullptr;
    const auto first = std::to_integer<std::uint8_t>(at[0]);
    if (first < 0x80) {
        value = first;
        return at + 1;
    }
    if (end - at >= 2 && std::to_integer<std::uint8_t>(at[1]) < 0x80) {
        value = (first & 0x7fU) | std::to_integer<Unsigned>(at[1]) << 7;
        return at + 2;
    }
    return take_long_uvarint(at, end, value);
}

[[gnu::always_inline]] inline const std::byte* take_varint(const std::byte* at,
                                                           const std::byte* end,
                                                           std::int32_t& value) {
    std::uint32_t coded = 0;
    at = take_uvarint(at, end, coded);
    value = unzigzag(coded);
    return at;
}

[[gnu::always_inline]] inline const std::byte* take_varlong(const std::byte* at,
                                                            const std::byte* end,
                                                            std::int64_t& value) {
    std::uint64_t coded = 0;
    at = take_uvarint(at, end, coded);
    value = unzigzag(coded);
    return at;
}

/// Length -1 is null, as for keys and values.
[[gnu::always_inline]] inline const std::byte* take_nullable_bytes(const std::byte* at,
                                                                   const std::byte* end,
                                                                   nullable_bytes& value) {
    std::int32_t length = 0;
    at = take_varint(at, end, length);
    if (at == nullptr) [[unlikely]]
        return nullptr;
    if (length < 0) {
        value.reset();
        return length == -1 ? at : nullptr;
    }
    if (length > end - at) [[unlikely]]
        return nullptr;
    value.emplace(at, static_cast<std::size_t>(length));
    return at + length;
}

/// Checks `count` headers, so that `header_range` need not.
inline const std::byte* skip_headers(const std::byte* at,
                                     const std::byte* end,
                                     std::int32_t count) {
    nullable_bytes bytes;
    for (; count > 0; --count) {
        at = take_nullable_bytes(at, end, bytes);
        if (at == nullptr || !bytes) return nullptr;
        at = take_nullable_bytes(at, end, bytes);
        if (at == nullptr) return nullptr;
    }
    return at;
}

[[gnu::always_inline]] inline const std::byte* take_record(const std::byte* at,
                                                           const std::byte* end,
                                                           record_view& record) {
    const std::byte* const start = at;
    std::int32_t length = 0;
    at = take_varint(at, end, length);
    if (at == nullptr || length < 1 || length > end - at) [[unlikely]]
        return nullptr;
    end = at + length;
    record.attributes = std::to_integer<std::int8_t>(*at++);
    record.size = static_cast<std::size_t>(end - start);
    at = take_varlong(at, end, record.timestamp_delta);
    if (at == nullptr) [[unlikely]]
        return nullptr;
    at = take_varint(at, end, record.offset_delta);
    if (at == nullptr) [[unlikely]]
        return nullptr;
    at = take_nullable_bytes(at, end, record.key);
    if (at == nullptr) [[unlikely]]
        return nullptr;
    at = take_nullable_bytes(at, end, record.value);
    if (at == nullptr) [[unlikely]]
        return nullptr;
    std::int32_t header_count = 0;
    at = take_varint(at, end, header_count);
    if (at == nullptr || header_count < 0) [[unlikely]]
        return nullptr;
    record.headers = header_range(at, header_count);
    if (header_count > 0) at = skip_headers(at, end, header_count);
    return at == end ? at : nullptr;
}

}  // namespace verdikt::kafka::records
