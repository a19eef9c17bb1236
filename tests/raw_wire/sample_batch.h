/// Record batches as producers send them. For tests.
#pragma once

#include "kafka/records/batch_builder.h"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace verdikt::tests {

/// `count` records of that value, a millisecond apart from `first_ms` on.
inline std::vector<std::byte> batch_of(std::string_view value,
                                       int count = 1,
                                       std::int64_t first_ms = 1'000,
                                       kafka::records::batch_options options = {}) {
    kafka::records::batch_builder builder;
    for (int index = 0; index < count; ++index) {
        builder.append({.time = kafka::timestamp(first_ms + index),
                        .key = std::nullopt,
                        .value = std::as_bytes(std::span(value))});
    }
    kafka::records::compression codecs;
    const auto built = builder.build(options, codecs);
    return {built->begin(), built->end()};
}

}  // namespace verdikt::tests
