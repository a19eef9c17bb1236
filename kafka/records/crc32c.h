/// CRC-32C (Castagnoli), which protects every record batch.
///
/// Three implementations with one result: x86-64 with SSE4.2 and PCLMULQDQ (three interleaved
/// streams, because the instruction takes three cycles but one can start every cycle), x86-64 or
/// ARMv8 with the instruction alone, and tables. The fastest that the processor has is chosen at
/// first use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace verdikt::kafka::records {

/// The checksum of `prefix + bytes`, where `crc` is the checksum of `prefix` (0 if that is empty).
[[nodiscard]] std::uint32_t extend_crc32c(std::uint32_t crc, std::span<const std::byte> bytes);

[[nodiscard]] inline std::uint32_t crc32c(std::span<const std::byte> bytes) {
    return extend_crc32c(0, bytes);
}

/// One way to compute it, for tests and benchmarks.
struct crc32c_implementation {
    std::string_view name;
    std::uint32_t (*extend)(std::uint32_t crc, std::span<const std::byte> bytes);
};

/// Those that this processor can run, fastest first; the last one is portable.
[[nodiscard]] std::span<const crc32c_implementation> crc32c_implementations();

}  // namespace verdikt::kafka::records
