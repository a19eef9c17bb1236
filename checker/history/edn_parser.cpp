#include "checker/history/edn_parser.h"

#include "checker/history/depth_max.h"

#include <simdjson.h>

#include <charconv>
#include <cmath>
#include <limits>

namespace verdikt::checker::history {

namespace {

using outcome = edn_parser::outcome;

constexpr std::string_view blanks = " \t\r\n\f,";
constexpr std::string_view delimiters = " \t\r\n\f,()[]{}\";";

bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

void append_utf8(std::string& out, std::uint32_t point) {
    const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0 | (point >> 6));
        put(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        put(0xE0 | (point >> 12));
        put(0x80 | ((point >> 6) & 0x3F));
        put(0x80 | (point & 0x3F));
    } else {
        put(0xF0 | (point >> 18));
        put(0x80 | ((point >> 12) & 0x3F));
        put(0x80 | ((point >> 6) & 0x3F));
        put(0x80 | (point & 0x3F));
    }
}

bool is_utf8(std::string_view letters) {
    return simdjson::validate_utf8(letters.data(), letters.size());
}

/// Requires: `token` is not empty. True of the whole token only.
template <typename Number>
bool parse_whole(std::string_view token, Number& into) {
    if (token.front() == '+') token.remove_prefix(1);
    const char* const end = token.data() + token.size();
    const auto [rest, error] = std::from_chars(token.data(), end, into);
    return error == std::errc() && rest == end;
}

}  // namespace

outcome edn_parser::fail(std::string_view what) {
    problem_ = what;
    return outcome::malformed;
}

outcome edn_parser::swallow() {
    position_ += 2;
    datum unused;
    return parse_nested(unused, &edn_parser::parse_form);
}

outcome edn_parser::skip_blanks() {
    while (true) {
        const std::size_t found = text_.find_first_not_of(blanks, position_);
        if (found == std::string_view::npos) {
            position_ = text_.size();
            return outcome::nothing;
        }
        position_ = found;
        if (text_[found] == ';') {
            const std::size_t end = text_.find('\n', found);
            if (end == std::string_view::npos && !whole_) return outcome::incomplete;
            position_ = std::min(end, text_.size());
        } else if (text_.substr(found, 2) == "#_") {
            if (const outcome done = swallow(); done != outcome::parsed) return done;
        } else if (text_[found] == '#' && found + 1 == text_.size() && !whole_) {
            return outcome::incomplete;
        } else {
            return outcome::parsed;
        }
    }
}

outcome edn_parser::parse(datum& into) {
    depth_ = 0;
    if (const outcome blank = skip_blanks(); blank != outcome::parsed) return blank;
    return parse_form(into);
}

outcome edn_parser::parse_nested(datum& into, method parse) {
    if (++depth_ > depth_max) return fail("nested too deeply");
    const outcome done = (this->*parse)(into);
    --depth_;
    return done;
}

outcome edn_parser::parse_form(datum& into) {
    const outcome blank = skip_blanks();
    if (blank == outcome::nothing) return outcome::incomplete;
    if (blank != outcome::parsed) return blank;
    switch (text_[position_]) {
        case '(':
        case '[':
            return parse_nested(into, &edn_parser::parse_vector);
        case '{':
            return parse_nested(into, &edn_parser::parse_map);
        case ')':
        case ']':
        case '}':
            return fail("a closing bracket that nothing opened");
        case '"':
            return parse_string(into);
        case '\\':
            return parse_character(into);
        case '#':
            return parse_dispatch(into);
        case '^': {
            ++position_;
            datum metadata;
            const outcome done = parse_nested(metadata, &edn_parser::parse_form);
            return done == outcome::parsed ? parse_nested(into, &edn_parser::parse_form) : done;
        }
        default:
            return parse_atom(into);
    }
}

// Of a list, a vector or a set, whose opening bracket is the next letter.
outcome edn_parser::parse_vector(datum& into) {
    constexpr std::string_view openings = "([{";
    constexpr std::string_view closings = ")]}";
    const char closing = closings[openings.find(text_[position_])];
    ++position_;
    into.open_vector();
    const outcome done = parse_elements(into, closing);
    if (done == outcome::parsed) into.close();
    return done;
}

outcome edn_parser::parse_map(datum& into) {
    ++position_;
    into.open_map();
    const outcome done = parse_elements(into, '}');
    if (done != outcome::parsed) return done;
    if (into.open_size() % 2 != 0) return fail("a map with a key and no value");
    into.close();
    return done;
}

outcome edn_parser::parse_elements(datum& into, char closing) {
    while (true) {
        const outcome blank = skip_blanks();
        if (blank == outcome::nothing) return outcome::incomplete;
        if (blank != outcome::parsed) return blank;
        if (text_[position_] == closing) break;
        if (const outcome done = parse_form(into); done != outcome::parsed) return done;
    }
    ++position_;
    return outcome::parsed;
}

outcome edn_parser::parse_string(datum& into) {
    std::string letters;
    ++position_;
    while (true) {
        const std::size_t end = text_.find_first_of("\"\\", position_);
        if (end == std::string_view::npos) return outcome::incomplete;
        letters += text_.substr(position_, end - position_);
        position_ = end + 1;
        if (text_[end] == '"') break;
        if (const outcome done = parse_escape(letters); done != outcome::parsed) return done;
    }
    if (!is_utf8(letters)) return fail("a text that is not UTF-8");
    into.add_text(letters);
    return outcome::parsed;
}

outcome edn_parser::parse_escape(std::string& letters) {
    if (position_ == text_.size()) return outcome::incomplete;
    const char letter = text_[position_++];
    constexpr std::string_view escapes = "ntrbf\"\\";
    constexpr std::string_view meanings = "\n\t\r\b\f\"\\";
    const std::size_t which = escapes.find(letter);
    if (which != std::string_view::npos) {
        letters += meanings[which];
        return outcome::parsed;
    }
    return letter == 'u' ? parse_unicode_escape(letters) : fail("an unknown escape in a text");
}

outcome edn_parser::parse_unicode_escape(std::string& letters) {
    std::uint32_t point = 0;
    const auto take_unit = [this](std::uint32_t& into) {
        const std::string_view digits = text_.substr(position_, 4);
        const auto [rest, error] = std::from_chars(digits.begin(), digits.end(), into, 16);
        position_ += digits.size();
        return digits.size() == 4 && error == std::errc() && rest == digits.end();
    };
    if (text_.size() - position_ < 4) return outcome::incomplete;
    if (!take_unit(point)) return fail("an escape without four digits");
    // Java writes what lies beyond the first plane as two units.
    if (point >= 0xD800 && point < 0xDC00) {
        if (text_.size() - position_ < 6) return outcome::incomplete;
        std::uint32_t low = 0;
        if (text_.substr(position_, 2) != "\\u") return fail("half a letter");
        position_ += 2;
        if (!take_unit(low) || low < 0xDC00 || low > 0xDFFF) return fail("half a letter");
        point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
    }
    if (point >= 0xD800 && point <= 0xDFFF) return fail("half a letter");
    append_utf8(letters, point);
    return outcome::parsed;
}

outcome edn_parser::parse_character(datum& into) {
    // The first letter belongs to the character even where it would end a token: \( is one.
    const std::size_t begin = position_ + 1;
    if (begin == text_.size()) return outcome::incomplete;
    std::size_t end = text_.find_first_of(delimiters, begin + 1);
    if (end == std::string_view::npos) {
        if (!whole_) return outcome::incomplete;
        end = text_.size();
    }
    const std::string_view letters = text_.substr(begin, end - begin);
    if (!is_utf8(letters)) return fail("a character that is not UTF-8");
    into.add_text(letters);
    position_ = end;
    return outcome::parsed;
}

outcome edn_parser::parse_dispatch(datum& into) {
    if (position_ + 1 == text_.size()) return outcome::incomplete;
    switch (text_[position_ + 1]) {
        case '{':
            ++position_;
            return parse_nested(into, &edn_parser::parse_vector);
        case '"':
            ++position_;
            return parse_string(into);
        case '#': {
            position_ += 2;
            std::string_view token;
            const outcome done = take_token(token);
            if (done == outcome::parsed) into.add_nil();
            return done;
        }
        default:
            return parse_nested(into, &edn_parser::parse_tagged);
    }
}

outcome edn_parser::parse_tagged(datum& into) {
    ++position_;
    std::string_view tag;
    if (const outcome done = take_token(tag); done != outcome::parsed) return done;
    return parse_form(into);
}

outcome edn_parser::take_token(std::string_view& token) {
    std::size_t end = text_.find_first_of(delimiters, position_);
    if (end == std::string_view::npos) {
        if (!whole_) return outcome::incomplete;
        end = text_.size();
    }
    token = text_.substr(position_, end - position_);
    if (token.empty()) return fail("a name without letters");
    position_ = end;
    return outcome::parsed;
}

outcome edn_parser::parse_atom(datum& into) {
    std::string_view token;
    if (const outcome done = take_token(token); done != outcome::parsed) return done;
    const bool sign = token[0] == '-' || token[0] == '+';
    if (is_digit(token[sign && token.size() > 1 ? 1 : 0])) return parse_number(into, token);
    return parse_name(into, token);
}

outcome edn_parser::parse_number(datum& into, std::string_view token) {
    const std::string_view digits =
        token.back() == 'N' || token.back() == 'M' ? token.substr(0, token.size() - 1) : token;
    std::int64_t integer = 0;
    if (token.back() != 'M' && parse_whole(digits, integer)) {
        into.add_integer(integer);
        return outcome::parsed;
    }
    double real = 0;
    double divisor = 1;
    const std::size_t slash = digits.find('/');
    const bool ratio = slash != std::string_view::npos && slash + 1 < digits.size();
    if (ratio && !parse_whole(digits.substr(slash + 1), divisor)) return fail("a malformed ratio");
    if (!parse_whole(ratio ? digits.substr(0, slash) : digits, real)) {
        return fail("a malformed number");
    }
    const double result = real / divisor;
    std::isfinite(result) ? into.add_real(result) : into.add_nil();
    return outcome::parsed;
}

outcome edn_parser::parse_name(datum& into, std::string_view token) {
    if (!is_utf8(token)) return fail("a name that is not UTF-8");
    if (token == "nil") {
        into.add_nil();
    } else if (token == "true" || token == "false") {
        into.add_boolean(token == "true");
    } else if (token.front() == ':') {
        if (token.size() == 1) return fail("a keyword without letters");
        into.add_keyword(token.substr(1));
    } else {
        into.add_text(token);
    }
    return outcome::parsed;
}

}  // namespace verdikt::checker::history
