#include "kafka/messages/size_min.h"

#include <algorithm>

namespace verdikt::kafka::messages {
namespace {

struct encoding {
    std::int16_t version = 0;
    bool flexible = false;

    /// Of a length in front of a value: one byte if compact, else the size of its integer.
    [[nodiscard]] std::size_t length_size(const field_schema& field, std::size_t plain) const {
        return flexible && !field.is_never_compact ? 1 : plain;
    }
};

std::size_t struct_size_min(const struct_schema& schema, encoding how);

/// Of one value, or one element if `field` is an array.
std::size_t value_size_min(const field_schema& field, encoding how) {
    switch (field.kind) {
        case field_kind::boolean:
        case field_kind::int8:
            return 1;
        case field_kind::int16:
        case field_kind::uint16:
            return 2;
        case field_kind::int32:
        case field_kind::uint32:
            return 4;
        case field_kind::int64:
        case field_kind::float64:
            return 8;
        case field_kind::uuid:
            return 16;
        case field_kind::string:
            return how.length_size(field, sizeof(std::int16_t));
        case field_kind::bytes:
        case field_kind::records:
            return how.length_size(field, sizeof(std::int32_t));
        case field_kind::structure:
            return struct_size_min(*field.child, how);
    }
    return 1;
}

std::size_t field_size_min(const field_schema& field, encoding how) {
    if (field.elements != nullptr) return how.length_size(field, sizeof(std::int32_t));
    const bool nullable = field.nullable_versions.contains(how.version);
    if (field.kind == field_kind::structure && nullable) return 1;
    return value_size_min(field, how);
}

std::size_t struct_size_min(const struct_schema& schema, encoding how) {
    std::size_t total = how.flexible ? 1 : 0;
    for (const field_schema& field : schema.fields) {
        const bool stands_in_place =
            field.versions.contains(how.version) && !field.tagged_versions.contains(how.version);
        if (stands_in_place) total += field_size_min(field, how);
    }
    return total;
}

}  // namespace

std::size_t element_size_min(const field_schema& array, std::int16_t version, bool flexible) {
    return std::max<std::size_t>(1,
                                 value_size_min(array, {.version = version, .flexible = flexible}));
}

}  // namespace verdikt::kafka::messages
