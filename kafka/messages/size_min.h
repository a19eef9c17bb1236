/// How few bytes a value can take, to tell at once that an array claims more than can follow.
#pragma once

#include "kafka/messages/schema.h"

#include <cstddef>
#include <cstdint>

namespace verdikt::kafka::messages {

/// The fewest bytes that an element of `array` can take on the wire, but at least one.
[[nodiscard]] std::size_t element_size_min(const field_schema& array,
                                           std::int16_t version,
                                           bool flexible);

}  // namespace verdikt::kafka::messages
