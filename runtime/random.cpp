#include "runtime/random.h"

#include "runtime/check.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace verdikt::runtime {

random_source::random_source(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {
        seed += 0x9e3779b97f4a7c15ULL;
        std::uint64_t mixed = seed;
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebULL;
        word = mixed ^ (mixed >> 31U);
    }
}

std::uint64_t random_source::next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

std::uint64_t random_source::below(std::uint64_t bound) {
    CHECK(bound > 0);
    // Values under `threshold` would make the low remainders likelier than the others.
    const std::uint64_t threshold = -bound % bound;
    std::uint64_t drawn = next();
    while (drawn < threshold) drawn = next();
    return drawn % bound;
}

std::int64_t random_source::between(std::int64_t low, std::int64_t high) {
    CHECK(low <= high);
    const std::uint64_t width = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
    const std::uint64_t step = width == UINT64_MAX ? next() : below(width + 1);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + step);
}

bool random_source::chance(double probability) {
    return fraction() < probability;
}

double random_source::fraction() {
    return static_cast<double>(next() >> 11U) * 0x1.0p-53;
}

void random_source::fill(std::span<std::byte> bytes) {
    while (!bytes.empty()) {
        const std::uint64_t word = next();
        const std::size_t count = std::min(bytes.size(), sizeof(word));
        std::memcpy(bytes.data(), &word, count);
        bytes = bytes.subspan(count);
    }
}

random_source random_source::fork() {
    return random_source(next());
}

}  // namespace verdikt::runtime
