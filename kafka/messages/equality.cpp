#include "kafka/messages/equality.h"

#include "kafka/messages/record_data.h"
#include "kafka/types.h"

#include <cstddef>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {
namespace {

template <typename T>
bool equal(const void* left, const void* right) {
    return *static_cast<const T*>(left) == *static_cast<const T*>(right);
}

bool equal_values(const field_schema& field, const void* left, const void* right) {
    switch (field.kind) {
        case field_kind::boolean:
            return equal<bool>(left, right);
        case field_kind::int8:
            return equal<std::int8_t>(left, right);
        case field_kind::int16:
            return equal<std::int16_t>(left, right);
        case field_kind::int32:
            return equal<std::int32_t>(left, right);
        case field_kind::int64:
            return equal<std::int64_t>(left, right);
        case field_kind::uint16:
            return equal<std::uint16_t>(left, right);
        case field_kind::uint32:
            return equal<std::uint32_t>(left, right);
        case field_kind::float64:
            return equal<double>(left, right);
        case field_kind::uuid:
            return equal<uuid>(left, right);
        case field_kind::string:
            return equal<std::string>(left, right);
        case field_kind::bytes:
            return equal<std::vector<std::byte>>(left, right);
        case field_kind::records:
            return equal<record_data>(left, right);
        case field_kind::structure:
            return field.child->equal(left, right);
    }
    return false;
}

bool equal_arrays(const field_schema& field, const void* left, const void* right) {
    const vector_access& access = *field.elements;
    const std::size_t count = access.size(left);
    if (count != access.size(right)) return false;
    const auto* a = static_cast<const std::byte*>(access.data(left));
    const auto* b = static_cast<const std::byte*>(access.data(right));
    for (std::size_t index = 0; index < count; ++index)
        if (!equal_values(field, a + index * access.stride, b + index * access.stride))
            return false;
    return true;
}

}  // namespace

bool equal_members(const field_schema& field, const void* left, const void* right) {
    if (field.optional != nullptr) {
        left = field.optional->get(left);
        right = field.optional->get(right);
        if (left == nullptr || right == nullptr) return left == right;
    }
    if (field.elements != nullptr) return equal_arrays(field, left, right);
    return equal_values(field, left, right);
}

}  // namespace verdikt::kafka::messages
