#include "tests/unit/kafka_messages/random_message.h"

#include "kafka/messages/record_data.h"
#include "kafka/types.h"

#include <array>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {
namespace {

constexpr std::size_t elements_max = 3;
constexpr std::size_t bytes_max = 200;

class filler {
  public:
    filler(std::int16_t version, runtime::random_source& chance)
        : version_(version), chance_(chance) {}

    void fill_struct(const struct_schema& schema, void* object) {
        for (const field_schema& field : schema.fields)
            if (field.versions.contains(version_))
                fill_member(field, const_cast<void*>(field.member(object)));
    }

  private:
    void fill_member(const field_schema& field, void* member) {
        // Now and then a field keeps its default: tagged ones are then left out.
        if (chance_.chance(0.1)) return;
        if (field.optional != nullptr) {
            if (field.nullable_versions.contains(version_) && chance_.chance(0.25))
                return field.optional->reset(member);
            member = field.optional->emplace(member);
        }
        if (field.elements == nullptr) return fill_value(field, member);
        const std::size_t count = chance_.below(elements_max + 1);
        auto* element = static_cast<std::byte*>(field.elements->resize(member, count));
        for (std::size_t index = 0; index < count; ++index)
            fill_value(field, element + index * field.elements->stride);
    }

    void fill_value(const field_schema& field, void* value) {
        switch (field.kind) {
            case field_kind::boolean:
                *static_cast<bool*>(value) = chance_.chance(0.5);
                break;
            case field_kind::int8:
                fill_number<std::int8_t>(value);
                break;
            case field_kind::int16:
                fill_number<std::int16_t>(value);
                break;
            case field_kind::int32:
                fill_number<std::int32_t>(value);
                break;
            case field_kind::int64:
                fill_number<std::int64_t>(value);
                break;
            case field_kind::uint16:
                fill_number<std::uint16_t>(value);
                break;
            case field_kind::uint32:
                fill_number<std::uint32_t>(value);
                break;
            case field_kind::float64:
                *static_cast<double*>(value) = chance_.fraction();
                break;
            case field_kind::uuid:
                chance_.fill(static_cast<uuid*>(value)->bytes);
                break;
            case field_kind::string:
                fill_text(*static_cast<std::string*>(value));
                break;
            case field_kind::bytes: {
                auto& bytes = *static_cast<std::vector<std::byte>*>(value);
                bytes.resize(chance_.below(bytes_max));
                chance_.fill(bytes);
                break;
            }
            case field_kind::records: {
                static constexpr std::array<std::byte, bytes_max> zeros{};
                const auto size = chance_.below(bytes_max);
                *static_cast<record_data*>(value) = record_data(std::span(zeros).first(size));
                break;
            }
            case field_kind::structure:
                fill_struct(*field.child, value);
                break;
        }
    }

    template <typename T>
    void fill_number(void* value) {
        *static_cast<T*>(value) = static_cast<T>(chance_.next());
    }
    void fill_text(std::string& text) {
        text.resize(chance_.below(bytes_max));
        for (char& character : text) character = static_cast<char>(chance_.between('a', 'z'));
    }

    std::int16_t version_;
    runtime::random_source& chance_;
};

}  // namespace

std::shared_ptr<void> random_message(const message_schema& schema,
                                     std::int16_t version,
                                     runtime::random_source& chance) {
    auto object = schema.make();
    filler(version, chance).fill_struct(schema.body, object.get());
    return object;
}

}  // namespace verdikt::kafka::messages
