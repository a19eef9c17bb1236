#include "kafka/types.h"

namespace verdikt::kafka {

std::string to_text(const uuid& id) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
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

}  // namespace verdikt::kafka
