#include "kafka/messages/decode.h"

#include "kafka/messages/record_data.h"
#include "kafka/messages/size_min.h"
#include "kafka/types.h"
#include "runtime/check.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::kafka::messages {
namespace {

/// Kafka's own limit, in compact form as well.
constexpr std::int64_t string_size_max = 0x7fff;

class decoder {
  public:
    decoder(buffer_reader& in, std::int16_t version, bool flexible)
        : in_(in), version_(version), flexible_(flexible) {}

    void read_struct(const struct_schema& schema, void* object);

  private:
    void read_tags(const struct_schema& schema, void* object);
    void read_tag(const struct_schema& schema, std::uint32_t tag, void* object);
    void read_field(const field_schema& field, void* member);
    void read_array(const field_schema& field, void* member);
    void read_sized(const field_schema& field, void* member);
    void read_nullable_struct(const field_schema& field, void* member);
    void read_plain(const field_schema& field, void* value);
    void read_elements(const field_schema& array, std::byte* first, std::size_t count);
    void put_bytes(const field_schema& field, std::size_t length, void* value);
    void put_null(const field_schema& field, std::size_t position, void* member);
    std::optional<std::size_t> read_count(const field_schema& field);
    std::optional<std::size_t> read_length(const field_schema& field);
    std::optional<std::size_t> to_size(std::int64_t size, std::size_t position);

    [[nodiscard]] bool is_compact(const field_schema& field) const {
        return flexible_ && !field.is_never_compact;
    }

    buffer_reader& in_;
    std::int16_t version_;
    bool flexible_;
    std::size_t arrays_size_left_ = decoded_arrays_size_max;
};

void* member_of(const field_schema& field, void* object) {
    return const_cast<void*>(field.member(object));
}

/// Where the value of a field goes: into the optional that holds it, or straight into the member.
void* place_for_value(const field_schema& field, void* member) {
    return field.optional != nullptr ? field.optional->emplace(member) : member;
}

bool has_length(field_kind kind) {
    return kind == field_kind::string || kind == field_kind::bytes || kind == field_kind::records;
}

void decoder::read_struct(const struct_schema& schema, void* object) {
    for (const field_schema& field : schema.fields) {
        if (!field.versions.contains(version_) || field.tagged_versions.contains(version_))
            continue;
        read_field(field, member_of(field, object));
        if (in_.failed()) return in_.name_failure(field.name);
    }
    if (flexible_) read_tags(schema, object);
}

void decoder::read_tags(const struct_schema& schema, void* object) {
    const std::uint32_t count = in_.read_uvarint();
    std::optional<std::uint32_t> previous;
    for (std::uint32_t index = 0; index < count && !in_.failed(); ++index) {
        const std::size_t position = in_.position();
        const std::uint32_t tag = in_.read_uvarint();
        if (previous && tag <= *previous) in_.fail_at(decode_errc::tags_out_of_order, position);
        previous = tag;
        read_tag(schema, tag, object);
    }
    in_.name_failure(schema.name);
}

void decoder::read_tag(const struct_schema& schema, std::uint32_t tag, void* object) {
    const std::uint32_t size = in_.read_uvarint();
    if (size > in_.remaining()) in_.fail(decode_errc::truncated);
    if (in_.failed()) return;
    const auto known = std::ranges::find_if(schema.fields, [&](const field_schema& field) {
        return field.tagged_versions.contains(version_) && std::cmp_equal(field.tag, tag);
    });
    if (known == schema.fields.end()) return in_.skip(size);
    const std::size_t start = in_.position();
    read_field(*known, member_of(*known, object));
    if (!in_.failed() && in_.position() != start + size)
        in_.fail_at(decode_errc::bad_tag_size, start);
    in_.name_failure(known->name);
}

void decoder::read_field(const field_schema& field, void* member) {
    if (field.elements != nullptr) return read_array(field, member);
    if (has_length(field.kind)) return read_sized(field, member);
    if (field.optional != nullptr) return read_nullable_struct(field, member);
    read_plain(field, member);
}

void decoder::read_array(const field_schema& field, void* member) {
    const std::size_t position = in_.position();
    const auto count = read_count(field);
    if (in_.failed()) return;
    if (!count) return put_null(field, position, member);
    // Before anything is allocated: the claim must be one that the bytes left and the budget can
    // bear.
    const std::size_t stride = field.elements->stride;
    const std::size_t count_max = std::min(
        in_.remaining() / element_size_min(field, version_, flexible_), arrays_size_left_ / stride);
    if (*count > count_max) {
        in_.fail_at(decode_errc::too_many_elements, position);
        return;
    }
    arrays_size_left_ -= *count * stride;
    void* first = field.elements->resize(place_for_value(field, member), *count);
    read_elements(field, static_cast<std::byte*>(first), *count);
}

void decoder::read_elements(const field_schema& array, std::byte* first, std::size_t count) {
    const bool is_sized = has_length(array.kind);
    for (std::size_t index = 0; index < count && !in_.failed(); ++index) {
        void* element = first + index * array.elements->stride;
        if (!is_sized) {
            read_plain(array, element);
            continue;
        }
        const std::size_t position = in_.position();
        const auto length = read_length(array);
        if (length) put_bytes(array, *length, element);
        // No array of Kafka's has null among its elements.
        if (!length) in_.fail_at(decode_errc::null_not_allowed, position);
    }
}

void decoder::read_sized(const field_schema& field, void* member) {
    const std::size_t position = in_.position();
    const auto length = read_length(field);
    if (in_.failed()) return;
    if (!length) return put_null(field, position, member);
    put_bytes(field, *length, place_for_value(field, member));
}

void decoder::read_nullable_struct(const field_schema& field, void* member) {
    const std::size_t position = in_.position();
    if (!field.nullable_versions.contains(version_))
        return read_plain(field, place_for_value(field, member));
    const auto presence = in_.read<std::int8_t>();
    if (in_.failed()) return;
    if (presence == -1) return put_null(field, position, member);
    if (presence == 1) return read_plain(field, place_for_value(field, member));
    in_.fail_at(decode_errc::bad_presence, position);
}

void decoder::read_plain(const field_schema& field, void* value) {
    switch (field.kind) {
        case field_kind::boolean:
            *static_cast<bool*>(value) = in_.read<std::int8_t>() != 0;
            break;
        case field_kind::int8:
            *static_cast<std::int8_t*>(value) = in_.read<std::int8_t>();
            break;
        case field_kind::int16:
            *static_cast<std::int16_t*>(value) = in_.read<std::int16_t>();
            break;
        case field_kind::int32:
            *static_cast<std::int32_t*>(value) = in_.read<std::int32_t>();
            break;
        case field_kind::int64:
            *static_cast<std::int64_t*>(value) = in_.read<std::int64_t>();
            break;
        case field_kind::uint16:
            *static_cast<std::uint16_t*>(value) = in_.read<std::uint16_t>();
            break;
        case field_kind::uint32:
            *static_cast<std::uint32_t*>(value) = in_.read<std::uint32_t>();
            break;
        case field_kind::float64:
            *static_cast<double*>(value) = in_.read_float64();
            break;
        case field_kind::uuid: {
            auto& bytes = static_cast<uuid*>(value)->bytes;
            std::ranges::copy(in_.read_bytes(bytes.size()), bytes.begin());
            break;
        }
        case field_kind::structure:
            read_struct(*field.child, value);
            break;
        case field_kind::string:
        case field_kind::bytes:
        case field_kind::records:
            CHECK(false, "a value with a length is not plain");
    }
}

void decoder::put_bytes(const field_schema& field, std::size_t length, void* value) {
    const auto bytes = in_.read_bytes(length);
    if (field.kind == field_kind::records) {
        *static_cast<record_data*>(value) = record_data(bytes);
    } else if (field.kind == field_kind::bytes) {
        static_cast<std::vector<std::byte>*>(value)->assign(bytes.begin(), bytes.end());
    } else {
        static_cast<std::string*>(value)->assign(reinterpret_cast<const char*>(bytes.data()),
                                                 bytes.size());
    }
}

void decoder::put_null(const field_schema& field, std::size_t position, void* member) {
    if (!field.nullable_versions.contains(version_)) {
        in_.fail_at(decode_errc::null_not_allowed, position);
        return;
    }
    field.optional->reset(member);
}

/// Nothing if null follows, or if reading failed.
std::optional<std::size_t> decoder::read_count(const field_schema& field) {
    const std::size_t position = in_.position();
    if (is_compact(field)) return to_size(std::int64_t{in_.read_uvarint()} - 1, position);
    return to_size(in_.read<std::int32_t>(), position);
}

/// Nothing if null follows, or if reading failed.
std::optional<std::size_t> decoder::read_length(const field_schema& field) {
    const std::size_t position = in_.position();
    const bool is_string = field.kind == field_kind::string;
    if (is_compact(field)) {
        const std::int64_t length = std::int64_t{in_.read_uvarint()} - 1;
        if (is_string && length > string_size_max) in_.fail_at(decode_errc::bad_length, position);
        return to_size(length, position);
    }
    if (is_string) return to_size(in_.read<std::int16_t>(), position);
    return to_size(in_.read<std::int32_t>(), position);
}

std::optional<std::size_t> decoder::to_size(std::int64_t size, std::size_t position) {
    if (size < -1) in_.fail_at(decode_errc::bad_length, position);
    if (size < 0 || in_.failed()) return std::nullopt;
    return static_cast<std::size_t>(size);
}

}  // namespace

void decode_object(buffer_reader& reader,
                   const message_schema& schema,
                   std::int16_t version,
                   void* object) {
    if (!schema.versions.contains(version)) {
        reader.fail(decode_errc::unsupported_version, schema.name());
        return;
    }
    decoder(reader, version, schema.is_flexible(version)).read_struct(schema.body, object);
    reader.name_failure(schema.name());
}

}  // namespace verdikt::kafka::messages
