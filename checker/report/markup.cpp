#include "checker/report/markup.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <utility>

namespace verdikt::checker::report {

namespace {

struct letter {
    std::uint32_t code = 0;
    std::size_t bytes = 0;  ///< 0: no UTF-8.
};

/// Overlong forms, surrogates and what lies beyond U+10FFFF are none (RFC 3629).
letter letter_at(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    if (first < 0x80) return {first, 1};
    struct form {
        unsigned char mask;
        unsigned char mark;
        std::uint32_t least;
    };
    constexpr std::array<form, 3> forms{
        {{0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}}};
    for (std::size_t further = 1; further <= forms.size(); ++further) {
        const form& one = forms[further - 1];
        if ((first & one.mask) != one.mark) continue;
        if (text.size() <= further) return {};
        std::uint32_t code = first & static_cast<unsigned char>(~one.mask);
        for (std::size_t at = 1; at <= further; ++at) {
            const auto next = static_cast<unsigned char>(text[at]);
            if ((next & 0xc0U) != 0x80) return {};
            code = code << 6U | (next & 0x3fU);
        }
        const bool surrogate = code >= 0xd800 && code <= 0xdfff;
        if (code < one.least || surrogate || code > 0x10ffff) return {};
        return {code, further + 1};
    }
    return {};
}

/// Controls, and marks that hide or turn what follows.
bool deceives(std::uint32_t code) {
    const bool control = code < 0x20 && code != '\n' && code != '\t';
    const bool later_control = code >= 0x7f && code <= 0x9f;
    const bool direction = (code >= 0x200b && code <= 0x200f) ||
                           (code >= 0x2028 && code <= 0x202e) ||
                           (code >= 0x2060 && code <= 0x2069) || code == 0xfeff || code == 0x61c;
    return control || later_control || direction || (code & 0xfffeU) == 0xfffe;
}

void append_escaped(std::string& out, std::string_view bytes, std::uint32_t code) {
    switch (code) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            if (deceives(code)) {
                out += fmt::format("\\u{{{:x}}}", code);
            } else {
                out += bytes;
            }
    }
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const letter next = letter_at(text);
        if (next.bytes == 0) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
            text.remove_prefix(1);
            continue;
        }
        append_escaped(out, text.substr(0, next.bytes), next.code);
        text.remove_prefix(next.bytes);
    }
    return out;
}

std::string shortened(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return std::string(text);
    std::size_t end = bytes_max;
    // Not within a letter.
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) --end;
    return fmt::format("{}… ({} bytes)", text.substr(0, end), text.size());
}

markup::element::~element() {
    page_.out_ += "</";
    page_.out_ += tag_;
    page_.out_ += ">";
}

void markup::begin(std::string_view tag, attributes with) {
    out_ += "<";
    out_ += tag;
    for (const attribute& one : with) {
        out_ += " ";
        out_ += one.name;
        out_ += "=\"";
        out_ += escaped(one.value);
        out_ += "\"";
    }
}

markup::element markup::open(std::string_view tag, attributes with) {
    begin(tag, with);
    out_ += ">";
    return {*this, tag};
}

void markup::leaf(std::string_view tag, std::string_view text, attributes with) {
    const element whole = open(tag, with);
    out_ += escaped(text);
}

void markup::empty(std::string_view tag, attributes with) {
    begin(tag, with);
    out_ += "/>";
}

}  // namespace verdikt::checker::report
