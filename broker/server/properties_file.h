/// The `.properties` syntax that Kafka's configuration files are written in.
///
/// One `key=value` a logical line; `:` or a blank may stand for `=`; `#` and `!` begin a comment
/// line; a backslash at the end of a line continues it, elsewhere it escapes the next letter.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace verdikt::broker::server {

struct property {
    std::string key;
    std::string value;
    int line = 0;  ///< Where it begins, counted from 1. 0: not from a file.

    bool operator==(const property&) const = default;
};

[[nodiscard]] std::vector<property> parse_properties(std::string_view text);

}  // namespace verdikt::broker::server
