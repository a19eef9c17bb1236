/// Our tables against Apache Kafka's own message schemas, field by field.
///
/// The schemas are not part of this repository. They are looked for beside it, in
/// ../shared/reference/kafka-messages; without them the test is skipped.
#include "kafka/messages/catalogue.h"
#include "kafka/types.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {
namespace {

using nlohmann::json;

std::filesystem::path reference_directory() {
    return std::filesystem::path(VERDIKT_SOURCE_DIR).parent_path() /
           "shared/reference/kafka-messages";
}

std::optional<json> read_reference(std::string_view message) {
    for (const char* directory :
         {"clients", "group-coordinator", "metadata", "transaction-coordinator"}) {
        std::ifstream file(reference_directory() / directory / fmt::format("{}.json", message));
        if (file) return json::parse(file, nullptr, true, /*ignore_comments=*/true);
    }
    return std::nullopt;
}

/// The schemas are older than these versions: Vote's that asks without starting an epoch (KIP-996),
/// and those of the second transaction protocol (KIP-890, KIP-1228).
void add_what_came_later(std::string_view message, json& reference) {
    if (message == "VoteRequest" || message == "VoteResponse" ||
        message.starts_with("WriteTxnMarkers")) {
        reference["validVersions"] = "0-2";
    }
    if (message.starts_with("TxnOffsetCommit")) reference["validVersions"] = "0-5";
    if (message == "ProduceRequest" || message == "ProduceResponse")
        reference["validVersions"] = "0-12";
    if (message == "VoteRequest") {
        json& partitions = reference["fields"].back()["fields"].back();
        partitions["fields"].push_back({{"name", "PreVote"}, {"type", "bool"}, {"versions", "2+"}});
    }
    if (message == "WriteTxnMarkersRequest") {
        json& markers = reference["fields"].back();
        markers["fields"].push_back({{"name", "TransactionVersion"},
                                     {"type", "int8"},
                                     {"versions", "2+"},
                                     {"ignorable", true}});
    }
}

/// FooIDBar becomes foo_id_bar.
std::string snake_case(std::string_view name) {
    std::string result;
    const auto is_upper = [&](std::size_t at) {
        return at < name.size() && std::isupper(static_cast<unsigned char>(name[at])) != 0;
    };
    for (std::size_t at = 0; at < name.size(); ++at) {
        const bool starts_word = is_upper(at) && at > 0 &&
                                 (!is_upper(at - 1) || (at + 1 < name.size() && !is_upper(at + 1)));
        if (starts_word) result += '_';
        result += static_cast<char>(std::tolower(static_cast<unsigned char>(name[at])));
    }
    return result;
}

/// "3+", "2-4", "7", "none", or nothing.
version_range range_of(const json& field, const char* key) {
    if (!field.contains(key) || field[key] == "none") return {};
    const auto text = field[key].get<std::string>();
    const auto first = static_cast<std::int16_t>(std::stoi(text));
    if (text.ends_with('+')) return since(first);
    if (const auto dash = text.find('-'); dash != std::string::npos)
        return between(first, static_cast<std::int16_t>(std::stoi(text.substr(dash + 1))));
    return only(first);
}

std::string type_of(const field_schema& field) {
    static const std::map<field_kind, std::string> names{
        {field_kind::boolean, "bool"},
        {field_kind::int8, "int8"},
        {field_kind::int16, "int16"},
        {field_kind::int32, "int32"},
        {field_kind::int64, "int64"},
        {field_kind::uint16, "uint16"},
        {field_kind::uint32, "uint32"},
        {field_kind::float64, "float64"},
        {field_kind::uuid, "uuid"},
        {field_kind::string, "string"},
        {field_kind::bytes, "bytes"},
        {field_kind::records, "records"},
    };
    const std::string element =
        field.child != nullptr ? std::string(field.child->name) : names.at(field.kind);
    return (field.elements != nullptr ? "[]" : "") + element;
}

template <typename T>
std::string number(const void* value) {
    return std::to_string(*static_cast<const T*>(value));
}

/// What a default-constructed struct has in the field, in the words of a schema.
std::string default_of(const struct_schema& schema, const field_schema& field) {
    const void* value = field.member(schema.default_object());
    if (field.optional != nullptr) value = field.optional->get(value);
    if (value == nullptr) return "null";
    if (field.elements != nullptr) return field.elements->size(value) == 0 ? "" : "elements";
    switch (field.kind) {
        case field_kind::boolean:
            return *static_cast<const bool*>(value) ? "true" : "false";
        case field_kind::int8:
            return number<std::int8_t>(value);
        case field_kind::int16:
            return number<std::int16_t>(value);
        case field_kind::int32:
            return number<std::int32_t>(value);
        case field_kind::int64:
            return number<std::int64_t>(value);
        case field_kind::uint16:
            return number<std::uint16_t>(value);
        case field_kind::uint32:
            return number<std::uint32_t>(value);
        case field_kind::float64:
            return number<double>(value);
        case field_kind::string:
            return *static_cast<const std::string*>(value);
        case field_kind::bytes:
            return static_cast<const std::vector<std::byte>*>(value)->empty() ? "" : "bytes";
        case field_kind::uuid:
            return static_cast<const uuid*>(value)->is_zero() ? "" : "uuid";
        case field_kind::records:
            return "records";
        case field_kind::structure:
            return "";
    }
    return "unknown";
}

bool is_number(const std::string& type) {
    return type.starts_with("int") || type.starts_with("uint");
}

std::string expected_default(const json& field) {
    const auto type = field["type"].get<std::string>();
    if (type == "records") return field.contains("nullableVersions") ? "null" : "records";
    if (!field.contains("default")) return is_number(type) ? "0" : type == "bool" ? "false" : "";
    const json& value = field["default"];
    const auto text = value.is_string() ? value.get<std::string>() : value.dump();
    return is_number(type) ? std::to_string(std::stoll(text, nullptr, 0)) : text;
}

std::int32_t expected_tag(const json& field) {
    if (!field.contains("tag")) return -1;
    return field["tag"].is_string() ? std::stoi(field["tag"].get<std::string>())
                                    : field["tag"].get<std::int32_t>();
}

/// The schema's structs that are named in one place and used in another.
using common_structs = std::map<std::string, json>;

void compare_fields(const struct_schema& ours, const json& fields, const common_structs& common);

void compare_field(const struct_schema& schema,
                   const field_schema& ours,
                   const json& field,
                   const common_structs& common) {
    const auto type = field["type"].get<std::string>();
    EXPECT_EQ(ours.name, snake_case(field["name"].get<std::string>()));
    EXPECT_EQ(type_of(ours), type);
    // Some that are only ever tagged state no others.
    const char* versions = field.contains("versions") ? "versions" : "taggedVersions";
    EXPECT_EQ(ours.versions, range_of(field, versions));
    EXPECT_EQ(ours.nullable_versions, range_of(field, "nullableVersions"));
    EXPECT_EQ(ours.optional != nullptr, field.contains("nullableVersions"));
    EXPECT_EQ(ours.tagged_versions, range_of(field, "taggedVersions"));
    EXPECT_EQ(ours.tag, expected_tag(field));
    EXPECT_EQ(ours.is_ignorable, field.value("ignorable", false));
    EXPECT_EQ(ours.is_never_compact, field.value("flexibleVersions", "") == "none");
    EXPECT_EQ(default_of(schema, ours), expected_default(field));
    if (ours.child == nullptr) return;
    const auto shared = common.find(std::string(ours.child->name));
    const json& fields = field.contains("fields") ? field["fields"] : shared->second;
    compare_fields(*ours.child, fields, common);
}

std::int32_t tag_of(const json& field) {
    return expected_tag(field);
}
std::int32_t tag_of(const field_schema& field) {
    return field.tag;
}

/// As the wire has them: tagged fields last and by their tags, wherever a table or a schema lists
/// them.
template <typename Field, typename Fields>
std::vector<Field> in_wire_order(const Fields& fields) {
    std::multimap<std::int32_t, Field> by_tag;
    for (const Field& field : fields) by_tag.emplace(tag_of(field), field);
    std::vector<Field> result;
    for (auto& [tag, field] : by_tag) result.push_back(std::move(field));
    return result;
}

void compare_fields(const struct_schema& ours,
                    const json& reference,
                    const common_structs& common) {
    const auto fields = in_wire_order<field_schema>(ours.fields);
    const auto expected = in_wire_order<json>(reference);
    ASSERT_EQ(fields.size(), expected.size()) << ours.name;
    for (std::size_t index = 0; index < fields.size(); ++index) {
        SCOPED_TRACE(fmt::format("{}.{}", ours.name, fields[index].name));
        compare_field(ours, fields[index], expected[index], common);
    }
}

std::string_view role_name(message_role role) {
    switch (role) {
        case message_role::request:
            return "request";
        case message_role::response:
            return "response";
        case message_role::header:
            return "header";
        case message_role::data:
            return "data";
        case message_role::metadata:
            return "metadata";
    }
    return "unknown";
}

void compare_message(const message_schema& ours, const json& reference) {
    EXPECT_EQ(ours.key, reference.value("apiKey", no_api_key));
    EXPECT_EQ(role_name(ours.role), reference["type"].get<std::string>());
    EXPECT_EQ(ours.versions, range_of(reference, "validVersions"));
    const version_range flexible = range_of(reference, "flexibleVersions");
    EXPECT_EQ(ours.flexible_since, flexible == version_range{} ? never_flexible : flexible.first);
    common_structs common;
    for (const json& shared : reference.value("commonStructs", json::array()))
        common[shared["name"].get<std::string>()] = shared["fields"];
    compare_fields(ours.body, reference["fields"], common);
}

TEST(schema_tables, say_what_kafkas_own_schemas_say) {
    if (!std::filesystem::exists(reference_directory()))
        GTEST_SKIP() << "no schemas at " << reference_directory();
    for (const message_schema* message : all_messages()) {
        SCOPED_TRACE(message->name());
        auto reference = read_reference(message->name());
        ASSERT_TRUE(reference.has_value());
        add_what_came_later(message->name(), *reference);
        compare_message(*message, *reference);
    }
}

}  // namespace
}  // namespace verdikt::kafka::messages
