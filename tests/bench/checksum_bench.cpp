/// CRC-32C is the one pass that a broker makes over every byte it takes in, so it is held against
/// the cheapest passes there are: reading the memory, and copying it.
#include "kafka/records/crc32c.h"
#include "race.h"
#include "sample_data.h"
#include "sections.h"

#include <fmt/format.h>
#include <cstring>
#include <span>

namespace verdikt::bench {
namespace {

namespace records = kafka::records;
using bytes = std::span<const std::byte>;

/// Touches every byte and does no more with it than it must: four sums, so that adding never waits.
std::uint64_t read_all(bytes from) {
    std::uint64_t sums[4] = {};
    const std::byte* const end = from.data() + from.size() / 32 * 32;
    for (const std::byte* at = from.data(); at != end; at += 32) {
        std::uint64_t words[4];
        std::memcpy(words, at, sizeof words);
        for (int i = 0; i < 4; ++i) sums[i] += words[i];
    }
    return sums[0] + sums[1] + sums[2] + sums[3];
}

constexpr std::size_t page_size = 4096;

/// How far behind `to` the first address is that lies in its page as `from` does.
std::size_t page_distance(const std::byte* from, const std::byte* to) {
    return (reinterpret_cast<std::uintptr_t>(from) - reinterpret_cast<std::uintptr_t>(to)) %
           page_size;
}

void compare_at(std::string_view title, std::size_t size, const settings& settings) {
    const records::byte_buffer source = noise(size);
    // Half a page from the source's place in its page: copying to nearly the same place stalls
    // loads behind stores that only look alike (4 KiB aliasing), and measures that.
    records::byte_buffer target(size + page_size);
    std::byte* const to = target.extend(size + page_size) +
                          page_distance(source.data() + page_size / 2, target.data());
    const bytes from = source.bytes();
    // Enough passes over a small buffer that starting one costs nothing.
    const std::size_t passes = std::max<std::size_t>(1, (std::size_t{1} << 20) / size);
    const auto repeat = [passes, size](auto pass) {
        return [passes, size, pass] {
            for (std::size_t i = 0; i < passes; ++i) pass();
            return passes * size;
        };
    };
    std::vector<contender> contenders;
    contenders.push_back({"reading", repeat([from] { keep(read_all(from)); })});
    contenders.push_back({"memcpy", repeat([from, to] {
                              std::memcpy(to, from.data(), from.size());
                              keep(to);
                          })});
    for (const auto& way : records::crc32c_implementations()) {
        contenders.push_back(
            {std::string(way.name), repeat([from, &way] { keep(way.extend(0, from)); })});
    }
    race_and_print(title, contenders, settings);
}

}  // namespace

void run_checksum_section(const settings& settings) {
    compare_at("16 KiB, in the first cache", std::size_t{16} << 10, settings);
    compare_at("1 MiB, in the caches", std::size_t{1} << 20, settings);
    compare_at("128 MiB, in memory", std::size_t{128} << 20, settings);
    compare_at("256 B, a small batch", 256, settings);
}

}  // namespace verdikt::bench
