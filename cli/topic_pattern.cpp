#include "cli/topic_pattern.h"

#include "cli/tool.h"

#include <fmt/format.h>

#include <regex>

namespace verdikt::cli {

std::set<std::string> matching_topics(const std::set<std::string>& all,
                                      const std::string& pattern) {
    if (pattern.empty()) return all;
    // A name that exists is meant literally, even if its dots would match more.
    if (all.contains(pattern)) return {pattern};
    std::set<std::string> chosen;
    try {
        const std::regex expression(pattern);
        for (const std::string& topic : all) {
            if (std::regex_match(topic, expression)) chosen.insert(topic);
        }
    } catch (const std::regex_error& error) {
        throw bad_arguments(
            fmt::format("'{}' is not a regular expression: {}", pattern, error.what()));
    }
    return chosen;
}

}  // namespace verdikt::cli
