/// What the values and fields of operations are made of.
#pragma once

#include "checker/history/datum.h"

#include <charconv>
#include <cstdint>
#include <string_view>
#include <system_error>

namespace verdikt::workloads {

[[nodiscard]] inline checker::history::datum text_of(std::string_view what) {
    checker::history::datum made;
    made.add_text(what);
    return made;
}

/// What we send are integers; what is none was sent by nobody, and stays as it is.
inline void add_number_or_text(checker::history::datum& into, std::string_view text) {
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec == std::errc() && read.ptr == end) {
        into.add_integer(number);
    } else {
        into.add_text(text);
    }
}

/// `[k …]`
template <typename Range>
[[nodiscard]] checker::history::datum list_of(const Range& partitions) {
    checker::history::datum made;
    made.open_vector();
    for (const std::int32_t each : partitions) made.add_integer(each);
    made.close();
    return made;
}

/// One further field of an operation: `{name: value}`.
[[nodiscard]] inline checker::history::datum field_of(std::string_view name,
                                                      checker::history::datum_view value) {
    checker::history::datum made;
    made.open_map();
    made.add_keyword(name);
    made.add(value);
    made.close();
    return made;
}

}  // namespace verdikt::workloads
