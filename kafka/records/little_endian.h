/// Words in the order in which CRC-32C and Java's hash of strings take their bytes.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>

namespace verdikt::kafka::records {

/// Requires: sizeof(Word) bytes at `from`. Alignment does not matter.
template <std::unsigned_integral Word>
[[nodiscard]] inline Word load_little_endian(const std::byte* from) {
    Word word = 0;
    std::memcpy(&word, from, sizeof word);
    if constexpr (std::endian::native == std::endian::big) word = std::byteswap(word);
    return word;
}

}  // namespace verdikt::kafka::records
