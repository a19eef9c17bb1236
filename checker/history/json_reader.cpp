#include "checker/history/json_reader.h"

namespace verdikt::checker::history {

namespace {

/// Where a JSON object ends, fed piece by piece.
class brace_counter {
  public:
    /// How many letters belong to the object, or npos if it goes on behind `piece`.
    std::size_t feed(std::string_view piece) {
        for (std::size_t at = 0; at < piece.size(); ++at) {
            if (step(piece[at])) return at + 1;
        }
        return std::string_view::npos;
    }

  private:
    bool step(char letter) {
        if (in_string_) {
            if (escaped_) {
                escaped_ = false;
            } else if (letter == '\\') {
                escaped_ = true;
            } else if (letter == '"') {
                in_string_ = false;
            }
            return false;
        }
        if (letter == '"') in_string_ = true;
        if (letter == '{') ++depth_;
        if (letter == '}') --depth_;
        return depth_ == 0;
    }

    int depth_ = 0;
    bool in_string_ = false;
    bool escaped_ = false;
};

}  // namespace

std::expected<bool, malformed> json_reader::next(operation& into) {
    if (ended_) return false;
    const auto size = find_object();
    if (!size) return std::unexpected(size.error());
    if (*size == 0) {
        ended_ = true;
        return false;
    }
    into.clear();
    into.index = count_;
    if (auto done = parser_.parse(text_.window().substr(0, *size), into); !done) {
        // A recorder that was killed may leave its last line without an end.
        const bool last = !in_array_ && text_.whole() && *size == text_.window().size() &&
                          text_.window().back() != '\n';
        if (!last) return refuse(std::move(done.error()));
        ended_ = true;
        cut_short_ = true;
        return false;
    }
    text_.consume(*size);
    ++count_;
    return true;
}

// How many letters of the window the next object has; 0 if there is none.
std::expected<std::size_t, malformed> json_reader::find_object() {
    const char first = text_.next_letter(in_array_ ? " \t\r\n," : " \t\r\n");
    if (!begun_) {
        begun_ = true;
        in_array_ = first == '[';
        if (in_array_) {
            text_.consume(1);
            return find_object();
        }
    }
    if (!text_.failure().empty()) return refuse(text_.failure());
    if (in_array_ && first == ']') return 0;
    if (first == 0) {
        cut_short_ = in_array_;
        return 0;
    }
    if (first != '{') return refuse("an operation that is no object");
    return in_array_ ? find_closing_brace() : find_line();
}

std::expected<std::size_t, malformed> json_reader::find_line() {
    std::size_t searched = 0;
    while (true) {
        const std::size_t found = text_.window().find('\n', searched);
        if (found != std::string_view::npos) return found + 1;
        searched = text_.window().size();
        if (text_.grow()) continue;
        if (!text_.failure().empty()) return refuse(text_.failure());
        return searched;
    }
}

std::expected<std::size_t, malformed> json_reader::find_closing_brace() {
    brace_counter braces;
    std::size_t searched = 0;
    while (true) {
        const std::size_t found = braces.feed(text_.window().substr(searched));
        if (found != std::string_view::npos) return searched + found;
        searched = text_.window().size();
        if (text_.grow()) continue;
        return refuse(text_.failure().empty() ? "the text ends within an operation"
                                              : text_.failure());
    }
}

}  // namespace verdikt::checker::history
