#include "broker/metadata/topic_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace verdikt::broker::metadata {

namespace {

constexpr std::size_t name_length_max = 249;

bool is_legal(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '.' || letter == '_' || letter == '-';
}

char unified(char letter) {
    return letter == '.' ? '_' : letter;
}

}  // namespace

std::optional<std::string> topic_name_fault(std::string_view name) {
    if (name.empty()) return "a topic name must not be empty";
    if (name == "." || name == "..") return fmt::format("a topic must not be named '{}'", name);
    if (name.size() > name_length_max) {
        return fmt::format(
            "the topic name has {} letters, and {} are the most", name.size(), name_length_max);
    }
    if (!std::ranges::all_of(name, is_legal)) {
        return fmt::format(
            "the topic name '{}' has a letter other than a-z, A-Z, 0-9, '.', '_' and '-'", name);
    }
    return std::nullopt;
}

bool topic_names_collide(std::string_view left, std::string_view right) {
    return left != right && std::ranges::equal(left, right, {}, unified, unified);
}

bool is_internal_topic(std::string_view name) {
    return name == offsets_topic_name || name == transactions_topic_name;
}

}  // namespace verdikt::broker::metadata
