/// Whether two values of a field are the same, by the table that describes it.
#pragma once

#include "kafka/messages/schema.h"

namespace verdikt::kafka::messages {

/// `left` and `right` are members that `field` describes (what field.member returns).
[[nodiscard]] bool equal_members(const field_schema& field, const void* left, const void* right);

}  // namespace verdikt::kafka::messages
