/// The vocabulary in which the tables of fields are written; included by their .cpp files only.
///
///     constexpr std::array fetch_topic_fields{
///         field<&fetch_topic::topic>("topic", between(0, 12)).ignorable(),
///         field<&fetch_topic::topic_id>("topic_id", since(13)).ignorable(),
///     };
///     const struct_schema fetch_topic::schema = structure<fetch_topic>("FetchTopic",
///     fetch_topic_fields);
#pragma once

#include "kafka/messages/record_data.h"
#include "kafka/messages/schema.h"
#include "kafka/types.h"

#include <array>  // IWYU pragma: export
#include <concepts>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

template <typename T>
struct optional_of {
    using value = T;
    static constexpr const optional_access* access = nullptr;
};

template <typename T>
struct optional_of<std::optional<T>> {
    using value = T;
    static constexpr optional_access functions{
        .get = [](const void* optional) -> const void* {
            const auto& held = *static_cast<const std::optional<T>*>(optional);
            return held ? &*held : nullptr;
        },
        .emplace = [](void* optional) -> void* {
            return &static_cast<std::optional<T>*>(optional)->emplace();
        },
        .reset = [](void* optional) { static_cast<std::optional<T>*>(optional)->reset(); },
    };
    static constexpr const optional_access* access = &functions;
};

template <typename T>
struct elements_of {
    using value = T;
    static constexpr const vector_access* access = nullptr;
};

/// Bytes are a value, not an array of small numbers.
template <>
struct elements_of<std::vector<std::byte>> {
    using value = std::vector<std::byte>;
    static constexpr const vector_access* access = nullptr;
};

template <typename T>
struct elements_of<std::vector<T>> {
    using value = T;
    static constexpr vector_access functions{
        .size =
            [](const void* vector) { return static_cast<const std::vector<T>*>(vector)->size(); },
        .data = [](const void* vector) -> const void* {
            return static_cast<const std::vector<T>*>(vector)->data();
        },
        .resize = [](void* vector, std::size_t size) -> void* {
            static_cast<std::vector<T>*>(vector)->resize(size);
            return static_cast<std::vector<T>*>(vector)->data();
        },
        .stride = sizeof(T),
    };
    static constexpr const vector_access* access = &functions;
};

template <typename T>
consteval field_kind kind_of() {
    if (std::same_as<T, bool>) return field_kind::boolean;
    if (std::same_as<T, std::int8_t>) return field_kind::int8;
    if (std::same_as<T, std::int16_t>) return field_kind::int16;
    if (std::same_as<T, std::int32_t>) return field_kind::int32;
    if (std::same_as<T, std::int64_t>) return field_kind::int64;
    if (std::same_as<T, std::uint16_t>) return field_kind::uint16;
    if (std::same_as<T, std::uint32_t>) return field_kind::uint32;
    if (std::same_as<T, double>) return field_kind::float64;
    if (std::same_as<T, uuid>) return field_kind::uuid;
    if (std::same_as<T, std::string>) return field_kind::string;
    if (std::same_as<T, std::vector<std::byte>>) return field_kind::bytes;
    if (std::same_as<T, record_data>) return field_kind::records;
    return field_kind::structure;
}

template <typename T>
consteval const struct_schema* child_of() {
    if constexpr (kind_of<T>() == field_kind::structure) return &T::schema;
    return nullptr;
}

template <typename>
struct member_pointer;
template <typename Object, typename Member>
struct member_pointer<Member Object::*> {
    using object = Object;
    using member = Member;
};

/// The field that `Member` (a pointer to a data member) is, in the versions that have it. Its kind,
/// whether it is an array and whether it can be null follow from the member's type.
template <auto Member>
consteval field_schema field(std::string_view name, version_range versions) {
    using object_type = typename member_pointer<decltype(Member)>::object;
    using not_null = optional_of<typename member_pointer<decltype(Member)>::member>;
    using element = elements_of<typename not_null::value>;
    field_schema result;
    result.name = name;
    result.kind = kind_of<typename element::value>();
    result.versions = versions;
    result.child = child_of<typename element::value>();
    result.optional = not_null::access;
    result.elements = element::access;
    result.member = [](const void* object) -> const void* {
        return &(static_cast<const object_type*>(object)->*Member);
    };
    return result;
}

template <typename T>
consteval struct_schema structure(std::string_view name, std::span<const field_schema> fields) {
    return {
        .name = name,
        .fields = fields,
        .default_object = []() -> const void* {
            static const T object;
            return &object;
        },
        .equal =
            [](const void* left, const void* right) {
                return *static_cast<const T*>(left) == *static_cast<const T*>(right);
            },
    };
}

struct message_form {
    std::int16_t key = no_api_key;
    message_role role{};
    version_range versions;
    std::int16_t flexible_since = never_flexible;
};

template <typename T>
consteval message_schema message(std::string_view name,
                                 message_form form,
                                 std::span<const field_schema> fields) {
    return {
        .key = form.key,
        .role = form.role,
        .versions = form.versions,
        .flexible_since = form.flexible_since,
        .body = structure<T>(name, fields),
        .make = []() -> std::shared_ptr<void> { return std::make_shared<T>(); },
    };
}

}  // namespace verdikt::kafka::messages
