#include "checker/history/json_names.h"

#include <charconv>

namespace verdikt::checker::history {

std::optional<std::int64_t> integer_key(std::string_view letters) {
    const std::string_view digits = letters.substr(letters.starts_with('-') ? 1 : 0);
    if (digits.empty() || (digits.front() == '0' && letters.size() > 1)) return std::nullopt;
    std::int64_t number = 0;
    const char* const end = letters.data() + letters.size();
    const auto [rest, error] = std::from_chars(letters.data(), end, number);
    if (error != std::errc() || rest != end) return std::nullopt;
    return number;
}

void add_name(datum& into, std::string_view letters, place where) {
    if (where == place::act) return into.add_keyword(letters);
    if (!letters.starts_with(':')) return into.add_text(letters);
    letters.remove_prefix(1);
    letters.starts_with(':') ? into.add_text(letters) : into.add_keyword(letters);
}

void add_key_of_map(datum& into, std::string_view letters) {
    const auto number = integer_key(letters);
    number ? into.add_integer(*number) : into.add_keyword(letters);
}

}  // namespace verdikt::checker::history
