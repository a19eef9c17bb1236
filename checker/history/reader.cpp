#include "checker/history/reader.h"

#include "checker/history/buffered_text.h"
#include "checker/history/edn_reader.h"
#include "checker/history/json_reader.h"

#include <algorithm>

namespace verdikt::checker::history {

namespace {

/// JSON's first object begins with a string; nothing else that JSON and EDN share tells them apart.
bool looks_like_json(std::string_view window) {
    constexpr std::string_view blanks = " \t\r\n";
    std::size_t at = window.find_first_not_of(blanks);
    if (at == std::string_view::npos) return true;
    if (window[at] == '[') at = window.find_first_not_of(blanks, at + 1);
    if (at == std::string_view::npos || window[at] == ']') return true;
    if (window[at] != '{') return false;
    at = window.find_first_not_of(blanks, at + 1);
    return at == std::string_view::npos || window[at] == '"';
}

}  // namespace

std::unique_ptr<operation_reader> read_json(byte_source& source) {
    return std::make_unique<json_reader>(buffered_text(source));
}

std::unique_ptr<operation_reader> read_edn(byte_source& source) {
    return std::make_unique<edn_reader>(buffered_text(source));
}

std::expected<std::unique_ptr<operation_reader>, malformed> open_history(byte_source& source) {
    // Sources may give little at a time.
    constexpr std::size_t enough = 4096;
    buffered_text text(source);
    while (text.window().size() < enough && text.grow()) {
    }
    if (!text.failure().empty()) return std::unexpected(malformed{0, text.failure()});
    if (looks_like_json(text.window())) return std::make_unique<json_reader>(std::move(text));
    return std::make_unique<edn_reader>(std::move(text));
}

std::expected<std::size_t, std::string> text_source::read(std::span<char> into) {
    const std::size_t count = std::min(into.size(), rest_.size());
    std::ranges::copy(rest_.substr(0, count), into.begin());
    rest_.remove_prefix(count);
    return count;
}

}  // namespace verdikt::checker::history
