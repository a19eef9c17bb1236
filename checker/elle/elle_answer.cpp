#include "checker/elle/elle_answer.h"

namespace verdikt::checker::elle {

namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

answer answer_of(std::string_view word) {
    if (word == "true") return answer::valid;
    if (word == "false") return answer::invalid;
    return word == "unknown" ? answer::unknown : answer::none;
}

}  // namespace

std::string_view name_of(answer what) {
    switch (what) {
        case answer::valid:
            return "valid";
        case answer::invalid:
            return "invalid";
        case answer::unknown:
            return "unknown";
        case answer::none:
            break;
    }
    return "nothing";
}

answer find_answer(std::string_view output, std::string_view file) {
    while (!output.empty()) {
        const auto end = output.find('\n');
        std::string_view line = output.substr(0, end);
        output = end == std::string_view::npos ? std::string_view() : output.substr(end + 1);
        if (!line.starts_with(file)) continue;
        line.remove_prefix(file.size());
        const auto tab = line.find('\t');
        if (tab == std::string_view::npos || !trimmed(line.substr(0, tab)).empty()) continue;
        const answer found = answer_of(trimmed(line.substr(tab)));
        if (found != answer::none) return found;
    }
    return answer::none;
}

}  // namespace verdikt::checker::elle
