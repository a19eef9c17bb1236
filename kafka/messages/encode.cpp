#include "kafka/messages/encode.h"

#include "kafka/buffer_writer.h"
#include "kafka/messages/equality.h"
#include "kafka/messages/record_data.h"
#include "kafka/types.h"
#include "kafka/varint.h"
#include "runtime/check.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <string>

namespace verdikt::kafka::messages {

std::string_view describe(encode_errc what) {
    switch (what) {
        case encode_errc::unsupported_version:
            return "there is no such version of the message";
        case encode_errc::not_in_version:
            return "a value that this version cannot carry";
        case encode_errc::null_not_allowed:
            return "null where this version needs a value";
        case encode_errc::too_long:
            return "longer than the format can say";
    }
    return "unknown";
}

namespace {

/// Kafka's own limit, in compact form as well.
constexpr std::size_t string_size_max = 0x7fff;
constexpr std::size_t size_max = std::numeric_limits<std::int32_t>::max();

class encoder {
  public:
    encoder(encoded& out, std::int16_t version, bool flexible)
        : out_(out), writer_(out.bytes), version_(version), flexible_(flexible) {}

    encode_result write_struct(const struct_schema& schema, const void* object);

  private:
    encode_result write_tags(const struct_schema& schema, const void* object);
    encode_result write_tag(const field_schema& field, const void* member);
    encode_result write_field(const field_schema& field, const void* member);
    encode_result write_null(const field_schema& field);
    encode_result write_array(const field_schema& field, const void* vector);
    encode_result write_value(const field_schema& field, const void* value);
    encode_result write_text(const field_schema& field, const std::string& text);
    encode_result write_bytes(const field_schema& field, std::span<const std::byte> bytes);
    encode_result write_records(const field_schema& field, const record_data& records);

    /// Of an array, bytes or records.
    void write_size(const field_schema& field, std::size_t size) {
        if (is_compact(field)) return writer_.write_uvarint(size + 1);
        writer_.write<std::int32_t>(static_cast<std::int32_t>(size));
    }
    [[nodiscard]] bool is_compact(const field_schema& field) const {
        return flexible_ && !field.is_never_compact;
    }
    [[nodiscard]] bool is_tagged(const field_schema& field) const {
        return field.tagged_versions.contains(version_);
    }

    encoded& out_;
    buffer_writer writer_;
    std::int16_t version_;
    bool flexible_;
};

encode_result fail(encode_errc what, std::string_view where) {
    return std::unexpected(encode_error{.what = what, .where = where});
}

bool is_default(const struct_schema& schema, const field_schema& field, const void* member) {
    return equal_members(field, member, field.member(schema.default_object()));
}

encode_result encoder::write_struct(const struct_schema& schema, const void* object) {
    for (const field_schema& field : schema.fields) {
        const void* member = field.member(object);
        if (!field.versions.contains(version_)) {
            if (!field.is_ignorable && !is_default(schema, field, member))
                return fail(encode_errc::not_in_version, field.name);
        } else if (!is_tagged(field)) {
            if (auto written = write_field(field, member); !written) return written;
        }
    }
    if (flexible_) return write_tags(schema, object);
    return {};
}

/// Tagged fields at their defaults are left out (KIP-482). Tables list them in the order of their
/// tags, and none has so many that their number would need a second byte.
encode_result encoder::write_tags(const struct_schema& schema, const void* object) {
    const std::size_t count_position = writer_.size();
    std::int8_t count = 0;
    writer_.write<std::int8_t>(count);
    for (const field_schema& field : schema.fields) {
        if (!is_tagged(field)) continue;
        const void* member = field.member(object);
        if (is_default(schema, field, member)) continue;
        if (auto written = write_tag(field, member); !written) return written;
        writer_.patch<std::int8_t>(count_position, ++count);
    }
    return {};
}

/// The size stands in front and is known only afterwards: make room for it then. Such fields are
/// short.
encode_result encoder::write_tag(const field_schema& field, const void* member) {
    CHECK(field.kind != field_kind::records, "moving the value would leave its splice behind");
    writer_.write_uvarint(static_cast<std::uint64_t>(field.tag));
    const std::size_t start = writer_.size();
    if (auto written = write_field(field, member); !written) return written;
    const std::size_t value_size = writer_.size() - start;
    writer_.write_uvarint(value_size);
    const auto begin = out_.bytes.begin() + static_cast<std::ptrdiff_t>(start);
    std::rotate(begin, begin + static_cast<std::ptrdiff_t>(value_size), out_.bytes.end());
    return {};
}

encode_result encoder::write_field(const field_schema& field, const void* member) {
    const void* value = member;
    if (field.optional != nullptr) {
        value = field.optional->get(member);
        if (value == nullptr) return write_null(field);
    }
    if (field.elements != nullptr) return write_array(field, value);
    if (field.kind == field_kind::structure && field.nullable_versions.contains(version_))
        writer_.write<std::int8_t>(1);
    return write_value(field, value);
}

encode_result encoder::write_null(const field_schema& field) {
    if (!field.nullable_versions.contains(version_))
        return fail(encode_errc::null_not_allowed, field.name);
    if (field.kind == field_kind::structure && field.elements == nullptr) {
        writer_.write<std::int8_t>(-1);
    } else if (is_compact(field)) {
        writer_.write_uvarint(0);
    } else if (field.kind == field_kind::string && field.elements == nullptr) {
        writer_.write<std::int16_t>(-1);
    } else {
        writer_.write<std::int32_t>(-1);
    }
    return {};
}

encode_result encoder::write_array(const field_schema& field, const void* vector) {
    const std::size_t count = field.elements->size(vector);
    if (count > size_max) return fail(encode_errc::too_long, field.name);
    write_size(field, count);
    const auto* element = static_cast<const std::byte*>(field.elements->data(vector));
    for (std::size_t index = 0; index < count; ++index, element += field.elements->stride)
        if (auto written = write_value(field, element); !written) return written;
    return {};
}

encode_result encoder::write_value(const field_schema& field, const void* value) {
    switch (field.kind) {
        case field_kind::boolean:
            writer_.write<std::int8_t>(*static_cast<const bool*>(value) ? 1 : 0);
            break;
        case field_kind::int8:
            writer_.write<std::int8_t>(*static_cast<const std::int8_t*>(value));
            break;
        case field_kind::int16:
            writer_.write<std::int16_t>(*static_cast<const std::int16_t*>(value));
            break;
        case field_kind::int32:
            writer_.write<std::int32_t>(*static_cast<const std::int32_t*>(value));
            break;
        case field_kind::int64:
            writer_.write<std::int64_t>(*static_cast<const std::int64_t*>(value));
            break;
        case field_kind::uint16:
            writer_.write<std::uint16_t>(*static_cast<const std::uint16_t*>(value));
            break;
        case field_kind::uint32:
            writer_.write<std::uint32_t>(*static_cast<const std::uint32_t*>(value));
            break;
        case field_kind::float64:
            writer_.write_float64(*static_cast<const double*>(value));
            break;
        case field_kind::uuid:
            writer_.write_bytes(static_cast<const uuid*>(value)->bytes);
            break;
        case field_kind::string:
            return write_text(field, *static_cast<const std::string*>(value));
        case field_kind::bytes:
            return write_bytes(field, *static_cast<const std::vector<std::byte>*>(value));
        case field_kind::records:
            return write_records(field, *static_cast<const record_data*>(value));
        case field_kind::structure:
            return write_struct(*field.child, value);
    }
    return {};
}

encode_result encoder::write_text(const field_schema& field, const std::string& text) {
    if (text.size() > string_size_max) return fail(encode_errc::too_long, field.name);
    if (is_compact(field)) {
        writer_.write_uvarint(text.size() + 1);
    } else {
        writer_.write<std::int16_t>(static_cast<std::int16_t>(text.size()));
    }
    writer_.write_text(text);
    return {};
}

encode_result encoder::write_bytes(const field_schema& field, std::span<const std::byte> bytes) {
    if (bytes.size() > size_max) return fail(encode_errc::too_long, field.name);
    write_size(field, bytes.size());
    writer_.write_bytes(bytes);
    return {};
}

encode_result encoder::write_records(const field_schema& field, const record_data& records) {
    if (!records.is_spliced()) return write_bytes(field, records.bytes());
    if (records.size() > size_max) return fail(encode_errc::too_long, field.name);
    write_size(field, records.size());
    out_.splices.push_back(
        {.position = writer_.size(), .size = records.size(), .tag = records.tag()});
    return {};
}

}  // namespace

encode_result encode_object(const void* object,
                            const message_schema& schema,
                            std::int16_t version,
                            encoded& out) {
    if (!schema.versions.contains(version))
        return fail(encode_errc::unsupported_version, schema.name());
    const std::size_t bytes_before = out.bytes.size();
    const std::size_t splices_before = out.splices.size();
    auto written =
        encoder(out, version, schema.is_flexible(version)).write_struct(schema.body, object);
    if (!written) {
        out.bytes.resize(bytes_before);
        out.splices.resize(splices_before);
    }
    return written;
}

}  // namespace verdikt::kafka::messages
