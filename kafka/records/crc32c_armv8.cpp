/// CRC-32C with the instructions of ARMv8's CRC32 extension.
#include "kafka/records/crc32c_kernels.h"

#if defined(__aarch64__)

#include <arm_acle.h>

#include <cstring>

namespace verdikt::kafka::records {

__attribute__((target("crc"))) std::uint32_t extend_crc32c_armv8(std::uint32_t crc,
                                                                 std::span<const std::byte> bytes) {
    const std::byte* at = bytes.data();
    std::size_t left = bytes.size();
    crc = ~crc;
    for (; left >= 8; left -= 8, at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, sizeof word);
        crc = __crc32cd(crc, word);
    }
    for (; left > 0; --left, ++at) crc = __crc32cb(crc, std::to_integer<unsigned char>(*at));
    return ~crc;
}

}  // namespace verdikt::kafka::records

#endif
