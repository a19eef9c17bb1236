#include "cli/url.h"

#include <fmt/format.h>

#include <charconv>
#include <ranges>

namespace verdikt::cli {

namespace {

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out += text[at];
            continue;
        }
        unsigned char code = 0;
        const std::string_view digits = text.substr(at + 1, 2);
        const char* const end = digits.data() + digits.size();
        const auto [stop, error] = std::from_chars(digits.data(), end, code, 16);
        // No name has a zero in it, and one would end the path where the kernel reads it.
        if (digits.size() != 2 || error != std::errc() || stop != end || code == 0) {
            return std::nullopt;
        }
        out += static_cast<char>(code);
        at += 2;
    }
    return out;
}

bool is_unreserved(char letter) {
    const bool alphabetic = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
    const bool digit = letter >= '0' && letter <= '9';
    return alphabetic || digit || std::string_view("-._~/").contains(letter);
}

}  // namespace

std::optional<url> parse_url(std::string_view target) {
    if (!target.starts_with('/')) return std::nullopt;
    const std::size_t mark = target.find('?');
    url made;
    for (const auto part : std::views::split(target.substr(0, mark), '/')) {
        auto segment = percent_decoded(std::string_view(part));
        if (!segment || *segment == "." || *segment == "..") return std::nullopt;
        if (!segment->empty()) made.path.push_back(std::move(*segment));
    }
    if (mark == std::string_view::npos) return made;
    for (const auto part : std::views::split(target.substr(mark + 1), '&')) {
        const std::string_view pair(part);
        const std::size_t equals = std::min(pair.find('='), pair.size());
        auto name = percent_decoded(pair.substr(0, equals));
        auto value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())));
        if (!name || !value) return std::nullopt;
        if (!name->empty()) made.query[std::move(*name)] = std::move(*value);
    }
    return made;
}

std::string percent_encoded(std::string_view path) {
    std::string out;
    for (const char letter : path) {
        if (is_unreserved(letter)) {
            out += letter;
        } else {
            out += fmt::format("%{:02X}", static_cast<unsigned char>(letter));
        }
    }
    return out;
}

}  // namespace verdikt::cli
