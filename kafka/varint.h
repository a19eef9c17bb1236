/// Variable-length integers: seven bits a byte, lowest first, the high bit says "more follows".
///
/// Unsigned ones (KIP-482) give lengths and tags in flexible messages. Signed ones are zigzag
/// coded, so that small negatives stay short; records use them (KIP-98).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace verdikt::kafka {

inline constexpr std::size_t varint_size_max = 5;
inline constexpr std::size_t varlong_size_max = 10;

[[nodiscard]] constexpr std::uint32_t zigzag(std::int32_t value) {
    return (static_cast<std::uint32_t>(value) << 1) ^ static_cast<std::uint32_t>(value >> 31);
}
[[nodiscard]] constexpr std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
[[nodiscard]] constexpr std::int32_t unzigzag(std::uint32_t coded) {
    return static_cast<std::int32_t>((coded >> 1) ^ (0U - (coded & 1U)));
}
[[nodiscard]] constexpr std::int64_t unzigzag(std::uint64_t coded) {
    return static_cast<std::int64_t>((coded >> 1) ^ (0ULL - (coded & 1ULL)));
}

/// Bytes that `value` takes as an unsigned variable-length integer.
[[nodiscard]] constexpr std::size_t uvarint_size(std::uint64_t value) {
    return static_cast<std::size_t>(std::bit_width(value | 1U) + 6) / 7;
}
[[nodiscard]] constexpr std::size_t varint_size(std::int32_t value) {
    return uvarint_size(zigzag(value));
}
[[nodiscard]] constexpr std::size_t varlong_size(std::int64_t value) {
    return uvarint_size(zigzag(value));
}

}  // namespace verdikt::kafka
