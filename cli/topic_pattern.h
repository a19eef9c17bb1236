/// Topics chosen by a name or a regular expression.
#pragma once

#include <set>
#include <string>

namespace verdikt::cli {

/// Those that `pattern` matches as a whole; all of them if it is empty. Throws bad_arguments if it
/// is not a regular expression (ECMAScript; a plain name is one, its dots match themselves as
/// well).
[[nodiscard]] std::set<std::string> matching_topics(const std::set<std::string>& all,
                                                    const std::string& pattern);

}  // namespace verdikt::cli
