#include "broker/server/properties_file.h"

#include <utility>

namespace verdikt::broker::server {

namespace {

constexpr std::string_view blank = " \t\f\r";

bool is_blank(char letter) {
    return blank.find(letter) != std::string_view::npos;
}

std::string_view without_leading_blank(std::string_view text) {
    const std::size_t first = text.find_first_not_of(blank);
    return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

std::string_view without_trailing_blank(std::string_view text) {
    const std::size_t last = text.find_last_not_of(blank);
    return last == std::string_view::npos ? std::string_view{} : text.substr(0, last + 1);
}

// An even number of backslashes at the end are escaped backslashes.
bool continues(std::string_view line) {
    std::size_t backslashes = 0;
    while (backslashes < line.size() && line[line.size() - 1 - backslashes] == '\\') ++backslashes;
    return backslashes % 2 == 1;
}

char unescaped(char letter) {
    switch (letter) {
        case 'n':
            return '\n';
        case 't':
            return '\t';
        case 'r':
            return '\r';
        case 'f':
            return '\f';
        default:
            return letter;
    }
}

/// Takes letters off the front until an unescaped one that ends the key (or all, for a value).
std::string take(std::string_view& text, bool key) {
    std::string taken;
    while (!text.empty()) {
        const char letter = text.front();
        if (key && (letter == '=' || letter == ':' || is_blank(letter))) break;
        text.remove_prefix(1);
        if (letter != '\\' || text.empty()) {
            taken.push_back(letter);
            continue;
        }
        taken.push_back(unescaped(text.front()));
        text.remove_prefix(1);
    }
    return taken;
}

property parse_line(std::string_view line, int number) {
    property parsed{.key = take(line, true), .value = {}, .line = number};
    line = without_leading_blank(line);
    if (!line.empty() && (line.front() == '=' || line.front() == ':')) line.remove_prefix(1);
    line = without_trailing_blank(without_leading_blank(line));
    parsed.value = take(line, false);
    return parsed;
}

class line_reader {
  public:
    explicit line_reader(std::string_view text) : rest_(text) {}

    [[nodiscard]] bool done() const { return rest_.empty(); }
    [[nodiscard]] int number() const { return number_; }

    std::string_view next() {
        const std::size_t end = rest_.find('\n');
        std::string_view line = rest_.substr(0, end);
        rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end + 1);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        ++number_;
        return without_leading_blank(line);
    }

  private:
    std::string_view rest_;
    int number_ = 0;
};

}  // namespace

std::vector<property> parse_properties(std::string_view text) {
    std::vector<property> properties;
    line_reader lines(text);
    while (!lines.done()) {
        std::string logical(lines.next());
        if (logical.empty() || logical.front() == '#' || logical.front() == '!') continue;
        const int number = lines.number();
        while (continues(logical) && !lines.done()) {
            logical.pop_back();
            logical += lines.next();
        }
        properties.push_back(parse_line(logical, number));
    }
    return properties;
}

}  // namespace verdikt::broker::server
