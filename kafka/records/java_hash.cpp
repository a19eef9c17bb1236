#include "kafka/records/java_hash.h"

#include "kafka/records/little_endian.h"
#include "runtime/check.h"

namespace verdikt::kafka::records {
namespace {

/// The producer drops the sign bit; coordinators take the absolute value, and 0 for the smallest
/// number, which has none. The two differ for every negative hash.
std::int32_t without_sign_bit(std::int32_t hash) {
    return hash & INT32_MAX;
}
std::int32_t magnitude(std::int32_t hash) {
    if (hash == INT32_MIN) return 0;
    return hash < 0 ? -hash : hash;
}

/// Decodes one code point and drops it from `text`; malformed bytes become U+FFFD, one for each
/// maximal prefix of a valid sequence.
char32_t take_code_point(std::string_view& text) {
    constexpr char32_t replacement = 0xfffd;
    const auto byte_at = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned char first = byte_at(0);
    if (first < 0x80) {
        text.remove_prefix(1);
        return first;
    }
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4) {
        text.remove_prefix(1);
        return replacement;
    }
    char32_t point = first & (0xffU >> (length + 1));
    for (std::size_t at = 1; at < length; ++at) {
        // The second byte's range excludes overlong forms, surrogates and points above U+10FFFF.
        const unsigned char low = at > 1          ? 0x80
                                  : first == 0xe0 ? 0xa0
                                  : first == 0xf0 ? 0x90
                                                  : 0x80;
        const unsigned char high = at > 1          ? 0xbf
                                   : first == 0xed ? 0x9f
                                   : first == 0xf4 ? 0x8f
                                                   : 0xbf;
        if (at == text.size() || byte_at(at) < low || byte_at(at) > high) {
            text.remove_prefix(at);
            return replacement;
        }
        point = (point << 6) | (byte_at(at) & 0x3fU);
    }
    text.remove_prefix(length);
    return point;
}

}  // namespace

std::int32_t murmur2(std::span<const std::byte> bytes) {
    constexpr std::uint32_t seed = 0x9747b28c;
    constexpr std::uint32_t multiplier = 0x5bd1e995;
    std::uint32_t hash = seed ^ static_cast<std::uint32_t>(bytes.size());
    for (; bytes.size() >= 4; bytes = bytes.subspan(4)) {
        std::uint32_t word = load_little_endian<std::uint32_t>(bytes.data()) * multiplier;
        word = (word ^ (word >> 24)) * multiplier;
        hash = (hash * multiplier) ^ word;
    }
    if (!bytes.empty()) {
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            hash ^= std::to_integer<std::uint32_t>(bytes[at]) << (8 * at);
        }
        hash *= multiplier;
    }
    hash = (hash ^ (hash >> 13)) * multiplier;
    return static_cast<std::int32_t>(hash ^ (hash >> 15));
}

std::int32_t partition_for_key(std::span<const std::byte> key, std::int32_t partitions) {
    CHECK(partitions > 0);
    return without_sign_bit(murmur2(key)) % partitions;
}

std::int32_t java_string_hash(std::string_view utf8) {
    std::uint32_t hash = 0;
    while (!utf8.empty()) {
        const char32_t point = take_code_point(utf8);
        if (point < 0x10000) {
            hash = 31 * hash + point;
            continue;
        }
        const std::uint32_t high_surrogate = 0xd800 + ((point - 0x10000) >> 10);
        const std::uint32_t low_surrogate = 0xdc00 + ((point - 0x10000) & 0x3ffU);
        hash = 31 * (31 * hash + high_surrogate) + low_surrogate;
    }
    return static_cast<std::int32_t>(hash);
}

std::int32_t coordinator_partition(std::string_view id, std::int32_t partitions) {
    CHECK(partitions > 0);
    return magnitude(java_string_hash(id)) % partitions;
}

}  // namespace verdikt::kafka::records
