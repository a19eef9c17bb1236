#include "kafka/records/crc32c.h"

#include "kafka/records/crc32c_kernels.h"

#include <vector>

#if defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace verdikt::kafka::records {
namespace {

std::vector<crc32c_implementation> find_implementations() {
    std::vector<crc32c_implementation> found;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2")) {
        if (__builtin_cpu_supports("pclmul")) {
            found.push_back({"SSE4.2 and PCLMULQDQ, three streams", extend_crc32c_sse42_three});
        }
        found.push_back({"SSE4.2, one stream", extend_crc32c_sse42});
    }
#elif defined(__aarch64__)
    if ((getauxval(AT_HWCAP) & HWCAP_CRC32) != 0) {
        found.push_back({"ARMv8 CRC32, one stream", extend_crc32c_armv8});
    }
#endif
    found.push_back({"tables, eight bytes a step", extend_crc32c_table});
    return found;
}

}  // namespace

std::span<const crc32c_implementation> crc32c_implementations() {
    static const std::vector<crc32c_implementation> all = find_implementations();
    return all;
}

std::uint32_t extend_crc32c(std::uint32_t crc, std::span<const std::byte> bytes) {
    static const auto fastest = crc32c_implementations().front().extend;
    return fastest(crc, bytes);
}

}  // namespace verdikt::kafka::records
