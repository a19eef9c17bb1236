/// What a message looks like on the wire, as data: one table of fields a struct, read by one
/// interpreter (decode.h, encode.h).
///
/// A table lists the fields in wire order. Each points into its C++ struct through small functions,
/// so that the interpreter is no template and each message costs a table, not code. Defaults are
/// not in the tables: a default-constructed struct has them, and is what an absent field is
/// compared with.
///
/// The format is that of Kafka's message schemas (KIP-482 for flexible versions and tagged fields,
/// KIP-893 for nullable structs).
#pragma once

#include "kafka/messages/versions.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace verdikt::kafka::messages {

enum class field_kind : std::uint8_t {
    boolean,
    int8,
    int16,
    int32,
    int64,
    uint16,
    uint32,
    float64,
    uuid,
    string,
    bytes,
    records,
    structure,
};

/// How to handle a std::optional<T> without knowing T.
struct optional_access {
    /// The value, or nullptr.
    const void* (*get)(const void* optional);
    /// Makes it hold a default-constructed value and returns that.
    void* (*emplace)(void* optional);
    void (*reset)(void* optional);
};

/// How to handle a std::vector<T> without knowing T.
struct vector_access {
    std::size_t (*size)(const void* vector);
    /// The first of the elements, which lie `stride` bytes apart.
    const void* (*data)(const void* vector);
    /// Makes it hold `size` elements and returns the first.
    void* (*resize)(void* vector, std::size_t size);
    std::size_t stride;
};

struct struct_schema;

struct field_schema {
    std::string_view name;
    field_kind kind{};  ///< Of the elements, if it is an array.
    version_range versions;
    version_range nullable_versions;
    version_range tagged_versions;
    std::int32_t tag = -1;
    /// Left out without complaint where a version lacks it, whatever its value.
    bool is_ignorable = false;
    /// Keeps the old form of its length in flexible versions too.
    bool is_never_compact = false;
    const struct_schema* child = nullptr;       ///< For field_kind::structure.
    const optional_access* optional = nullptr;  ///< If the member is a std::optional.
    const vector_access* elements = nullptr;    ///< If it is an array.
    const void* (*member)(const void* object) =
        nullptr;  ///< The field in the struct that it is of.

    [[nodiscard]] constexpr field_schema nullable(version_range range) const {
        field_schema changed = *this;
        changed.nullable_versions = range;
        return changed;
    }
    [[nodiscard]] constexpr field_schema tagged(std::int32_t number, version_range range) const {
        field_schema changed = *this;
        changed.tag = number;
        changed.tagged_versions = range;
        return changed;
    }
    [[nodiscard]] constexpr field_schema ignorable() const {
        field_schema changed = *this;
        changed.is_ignorable = true;
        return changed;
    }
    [[nodiscard]] constexpr field_schema never_compact() const {
        field_schema changed = *this;
        changed.is_never_compact = true;
        return changed;
    }
};

struct struct_schema {
    std::string_view name;
    std::span<const field_schema> fields;
    /// A default-constructed one, for ever.
    const void* (*default_object)() = nullptr;
    bool (*equal)(const void* left, const void* right) = nullptr;
};

/// `metadata` is a record of the metadata log: its key says which one, and has nothing to do with
/// the keys of requests.
enum class message_role : std::uint8_t { request, response, header, data, metadata };

inline constexpr std::int16_t no_api_key = -1;
/// As the first flexible version of a message that has none.
inline constexpr std::int16_t never_flexible = version_max;

struct message_schema {
    std::int16_t key = no_api_key;
    message_role role{};
    version_range versions;
    std::int16_t flexible_since = never_flexible;
    struct_schema body;
    /// A default-constructed one, for those who walk all messages without knowing their types.
    std::shared_ptr<void> (*make)() = nullptr;

    /// Kafka's, such as "FetchRequest".
    [[nodiscard]] std::string_view name() const { return body.name; }
    [[nodiscard]] bool is_flexible(std::int16_t version) const { return version >= flexible_since; }
};

}  // namespace verdikt::kafka::messages
