/// Slicing-by-8 (Kounavis and Berry, 2005): table k gives what a byte contributes once k more bytes
/// have passed, so eight look-ups that do not wait for each other replace eight that do.
#include "kafka/records/crc32c_kernels.h"
#include "kafka/records/little_endian.h"

#include <array>

namespace verdikt::kafka::records {
namespace {

using slicing_tables = std::array<std::array<std::uint32_t, 256>, 8>;

consteval slicing_tables make_tables() {
    slicing_tables tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t crc = byte;
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc >> 1) ^ ((crc & 1U) != 0 ? crc32c_polynomial : 0U);
        }
        tables[0][byte] = crc;
    }
    for (std::size_t table = 1; table < tables.size(); ++table) {
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const std::uint32_t before = tables[table - 1][byte];
            tables[table][byte] = (before >> 8) ^ tables[0][before & 0xffU];
        }
    }
    return tables;
}

constexpr slicing_tables tables = make_tables();

}  // namespace

std::uint32_t extend_crc32c_table(std::uint32_t crc, std::span<const std::byte> bytes) {
    const std::byte* at = bytes.data();
    std::size_t left = bytes.size();
    crc = ~crc;
    for (; left >= 8; left -= 8, at += 8) {
        const std::uint64_t word = load_little_endian<std::uint64_t>(at) ^ crc;
        crc = 0;
        for (std::size_t byte = 0; byte < 8; ++byte) {
            crc ^= tables[7 - byte][(word >> (8 * byte)) & 0xffU];
        }
    }
    for (; left > 0; --left, ++at) {
        crc = (crc >> 8) ^ tables[0][(crc ^ std::to_integer<std::uint32_t>(*at)) & 0xffU];
    }
    return ~crc;
}

}  // namespace verdikt::kafka::records
