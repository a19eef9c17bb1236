/// CRC-32C with the instruction that x86-64 has for it.
///
/// The instruction takes three cycles, and one can start every cycle, so one stream uses a third of
/// the unit. Three streams over three neighbouring stretches keep it busy; the first two results
/// are then moved past the stretches behind them by a carry-less multiplication with a power of x.
#include "kafka/records/crc32c_kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <cstring>

namespace verdikt::kafka::records {
namespace {

std::uint64_t load_word(const std::byte* from) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, sizeof word);
    return word;
}

/// x^power modulo the polynomial.
consteval std::uint32_t power_of_x(std::size_t power) {
    std::uint32_t remainder = 0x80000000;
    for (std::size_t i = 0; i < power; ++i) {
        remainder = (remainder >> 1) ^ ((remainder & 1U) != 0 ? crc32c_polynomial : 0U);
    }
    return remainder;
}

/// What `crc` becomes once `Bytes` zero bytes have followed. The product of two bit-reversed 32-bit
/// numbers comes out one bit low, and the instruction that reduces it multiplies by x^32: hence
/// the 33.
template <std::size_t Bytes>
__attribute__((target("sse4.2,pclmul"))) inline std::uint32_t move_past(std::uint32_t crc) {
    constexpr std::uint32_t factor = power_of_x(8 * Bytes - 33);
    const __m128i product = _mm_clmulepi64_si128(
        _mm_cvtsi32_si128(static_cast<int>(crc)), _mm_cvtsi32_si128(static_cast<int>(factor)), 0);
    return static_cast<std::uint32_t>(
        _mm_crc32_u64(0, static_cast<std::uint64_t>(_mm_cvtsi128_si64(product))));
}

/// Three stretches of `Stretch` bytes each.
template <std::size_t Stretch>
__attribute__((target("sse4.2,pclmul"))) inline std::uint32_t three_stretches(std::uint32_t crc,
                                                                              const std::byte* at) {
    static_assert(Stretch % 8 == 0);
    std::uint64_t first = crc;
    std::uint64_t second = 0;
    std::uint64_t third = 0;
    for (const std::byte* const end = at + Stretch; at != end; at += 8) {
        first = _mm_crc32_u64(first, load_word(at));
        second = _mm_crc32_u64(second, load_word(at + Stretch));
        third = _mm_crc32_u64(third, load_word(at + 2 * Stretch));
    }
    return move_past<2 * Stretch>(static_cast<std::uint32_t>(first)) ^
           move_past<Stretch>(static_cast<std::uint32_t>(second)) ^
           static_cast<std::uint32_t>(third);
}

/// Long enough that joining the three costs nothing; short enough that all three stay in the first
/// cache.
constexpr std::size_t long_stretch = 4096;
/// For batches of a few records, and for what is left of larger ones.
constexpr std::size_t short_stretch = 256;

}  // namespace

__attribute__((target("sse4.2"))) std::uint32_t extend_crc32c_sse42(
    std::uint32_t crc, std::span<const std::byte> bytes) {
    const std::byte* at = bytes.data();
    std::size_t left = bytes.size();
    std::uint64_t wide = ~crc;
    for (; left >= 8; left -= 8, at += 8) wide = _mm_crc32_u64(wide, load_word(at));
    auto narrow = static_cast<std::uint32_t>(wide);
    for (; left > 0; --left, ++at) {
        narrow = _mm_crc32_u8(narrow, std::to_integer<unsigned char>(*at));
    }
    return ~narrow;
}

__attribute__((target("sse4.2,pclmul"))) std::uint32_t extend_crc32c_sse42_three(
    std::uint32_t crc, std::span<const std::byte> bytes) {
    crc = ~crc;
    for (; bytes.size() >= 3 * long_stretch; bytes = bytes.subspan(3 * long_stretch)) {
        crc = three_stretches<long_stretch>(crc, bytes.data());
    }
    for (; bytes.size() >= 3 * short_stretch; bytes = bytes.subspan(3 * short_stretch)) {
        crc = three_stretches<short_stretch>(crc, bytes.data());
    }
    return extend_crc32c_sse42(~crc, bytes);
}

}  // namespace verdikt::kafka::records

#endif
