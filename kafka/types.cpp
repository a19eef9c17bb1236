#include "kafka/types.h"

namespace verdikt::kafka {

namespace {

constexpr std::string_view letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}  // namespace

std::string to_text(const topic_partition& which) {
    return fmt::format("{}-{}", which.topic, which.partition);
}

std::string to_text(const uuid& id) {
    std::string text;
    std::uint32_t pending = 0;
    unsigned bits = 0;
    for (const std::byte byte : id.bytes) {
        pending = pending << 8U | std::to_integer<std::uint32_t>(byte);
        for (bits += 8; bits >= 6; bits -= 6) text.push_back(letters[pending >> (bits - 6) & 63U]);
    }
    text.push_back(letters[pending << (6 - bits) & 63U]);
    return text;
}

std::optional<uuid> uuid_from_text(std::string_view text) {
    uuid id;
    std::uint32_t pending = 0;
    unsigned bits = 0;
    std::size_t filled = 0;
    for (const char letter : text) {
        const std::size_t digit = letters.find(letter);
        if (digit == std::string_view::npos) return std::nullopt;
        pending = pending << 6U | static_cast<std::uint32_t>(digit);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        if (filled == id.bytes.size()) return std::nullopt;
        id.bytes[filled++] = static_cast<std::byte>(pending >> bits & 255U);
    }
    // The last letter holds bits of nothing: they must be zero, and no letter may be left over.
    if (text != to_text(id)) return std::nullopt;
    return id;
}

}  // namespace verdikt::kafka
