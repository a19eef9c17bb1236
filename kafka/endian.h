/// Integers in network byte order, which Kafka uses everywhere: on the wire and on disk.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <type_traits>

namespace verdikt::kafka {

/// Requires: sizeof(T) bytes at `from`. Alignment does not matter.
template <std::integral T>
[[nodiscard]] inline T load_big_endian(const std::byte* from) {
    T value;
    std::memcpy(&value, from, sizeof value);
    if constexpr (std::endian::native == std::endian::little) value = std::byteswap(value);
    return value;
}

/// Requires: room for sizeof(T) bytes at `to`. Alignment does not matter.
template <std::integral T>
inline void store_big_endian(std::byte* to, std::type_identity_t<T> value) {
    if constexpr (std::endian::native == std::endian::little) value = std::byteswap(value);
    std::memcpy(to, &value, sizeof value);
}

}  // namespace verdikt::kafka
