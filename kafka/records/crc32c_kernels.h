/// The ways to compute CRC-32C, one file each. Internal to crc32c.cpp and its tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace verdikt::kafka::records {

/// The Castagnoli polynomial, bits reversed as everywhere in this computation: the lowest bit of a
/// word is its highest power.
inline constexpr std::uint32_t crc32c_polynomial = 0x82f63b78;

/// Tables, eight bytes a step.
[[nodiscard]] std::uint32_t extend_crc32c_table(std::uint32_t crc,
                                                std::span<const std::byte> bytes);

#if defined(__x86_64__)
/// Requires: SSE4.2.
[[nodiscard]] std::uint32_t extend_crc32c_sse42(std::uint32_t crc,
                                                std::span<const std::byte> bytes);
/// Requires: SSE4.2 and PCLMULQDQ.
[[nodiscard]] std::uint32_t extend_crc32c_sse42_three(std::uint32_t crc,
                                                      std::span<const std::byte> bytes);
#elif defined(__aarch64__)
/// Requires: the CRC32 extension of ARMv8.
[[nodiscard]] std::uint32_t extend_crc32c_armv8(std::uint32_t crc,
                                                std::span<const std::byte> bytes);
#endif

}  // namespace verdikt::kafka::records
