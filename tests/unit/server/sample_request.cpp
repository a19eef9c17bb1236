#include "tests/unit/server/sample_request.h"

#include "kafka/messages/record_data.h"
#include "tests/raw_wire/sample_batch.h"

#include <set>
#include <string_view>

namespace verdikt::broker::server {

namespace {

namespace messages = kafka::messages;
using messages::field_kind;
using messages::field_schema;
using messages::struct_schema;

/// Fields that are not here keep their defaults.
const std::map<std::string_view, std::int64_t> numbers{
    {"acks", -1},
    {"committed_offset", 5},
    {"count", 100},
    {"current_leader_epoch", -1},
    {"generation_id", -1},
    {"leader_epoch", 0},
    {"max_bytes", 1 << 20},
    {"num_partitions", 1},
    {"partition_max_bytes", 1 << 20},
    {"producer_epoch", -1},
    {"producer_id", -1},
    {"rebalance_timeout_ms", 10'000},
    {"replica_id", -1},
    {"replication_factor", 1},
    {"resource_type", 2},
    {"session_epoch", -1},
    {"session_timeout_ms", 10'000},
    {"timeout_ms", 1'000},
    {"timestamp", -1},
    {"transaction_timeout_ms", 60'000},
};

const std::map<std::string_view, std::string_view> texts{
    {"groups_names", "group"},
    {"groups", "group"},
    {"cluster_id", "cluster-of-the-test"},
    {"group_id", "group"},
    {"key", "group"},
    {"coordinator_keys", "group"},
    {"protocol_type", "consumer"},
    {"client_software_name", "test"},
    {"client_software_version", "1.0"},
    {"name", "orders"},
    {"topic", "orders"},
    {"topic_name", "__cluster_metadata"},
    {"topics", "orders"},
    {"topic_names", "orders"},
    {"resource_name", "orders"},
    {"value", "60000"},
};

/// Null or empty, where a sample would ask for something else than the request is about.
const std::set<std::string_view> left_out{"assignments",
                                          "broker_ids",
                                          "configuration_keys",
                                          "forgotten_topics_data",
                                          "group_instance_id",
                                          "transactional_id"};

class sampler {
  public:
    explicit sampler(std::int16_t version) : version_(version) {}

    void fill(const struct_schema& schema, void* object) {
        for (const field_schema& field : schema.fields) {
            if (!field.versions.contains(version_)) continue;
            fill_member(schema, field, const_cast<void*>(field.member(object)));
        }
    }

  private:
    void fill_member(const struct_schema& in, const field_schema& field, void* member) {
        if (left_out.contains(field.name)) {
            const bool nullable = field.nullable_versions.contains(version_);
            if (field.optional != nullptr && nullable) field.optional->reset(member);
            return;
        }
        if (field.optional != nullptr) member = field.optional->emplace(member);
        if (field.elements == nullptr) return fill_value(in, field, member);
        fill_value(in, field, field.elements->resize(member, 1));
    }

    void fill_value(const struct_schema& in, const field_schema& field, void* value) {
        switch (field.kind) {
            case field_kind::int8:
                return fill_number<std::int8_t>(field, value);
            case field_kind::int16:
                return fill_number<std::int16_t>(field, value);
            case field_kind::int32:
                return fill_number<std::int32_t>(field, value);
            case field_kind::int64:
                return fill_number<std::int64_t>(field, value);
            case field_kind::string:
                return fill_text(in, field, *static_cast<std::string*>(value));
            case field_kind::records: {
                static const std::vector<std::byte> batch = tests::batch_of("a sample");
                *static_cast<messages::record_data*>(value) = messages::record_data(batch);
                return;
            }
            case field_kind::structure:
                return fill(*field.child, value);
            default:
                return;
        }
    }

    template <typename T>
    void fill_number(const field_schema& field, void* value) {
        const auto known = numbers.find(field.name);
        if (known != numbers.end()) *static_cast<T*>(value) = static_cast<T>(known->second);
    }

    void fill_text(const struct_schema& in, const field_schema& field, std::string& text) {
        const bool of_config = in.name.find("Config") != std::string_view::npos;
        const auto known = texts.find(field.name);
        if (known != texts.end()) text = known->second;
        if (of_config && field.name == "name") text = "retention.ms";
    }

    std::int16_t version_;
};

void shorten(const struct_schema& schema, std::int16_t version, void* object) {
    for (const field_schema& field : schema.fields) {
        if (!field.versions.contains(version) || field.elements != nullptr) continue;
        auto* member = const_cast<void*>(field.member(object));
        const bool waits = field.name.ends_with("_ms") && field.kind == field_kind::int32;
        if (waits) *static_cast<std::int32_t*>(member) = 7'000;
        if (field.name == "acks") *static_cast<std::int16_t*>(member) = -1;
    }
}

void collect(const struct_schema& schema,
             std::int16_t version,
             const void* object,
             std::vector<std::int16_t>& found) {
    for (const field_schema& field : schema.fields) {
        if (!field.versions.contains(version)) continue;
        const void* member = field.member(object);
        if (field.optional != nullptr) member = field.optional->get(member);
        if (member == nullptr) continue;
        if (field.name == "error_code") found.push_back(*static_cast<const std::int16_t*>(member));
        if (field.kind != field_kind::structure) continue;
        if (field.elements == nullptr) {
            collect(*field.child, version, member, found);
            continue;
        }
        const auto* element = static_cast<const std::byte*>(field.elements->data(member));
        const std::size_t count = field.elements->size(member);
        for (std::size_t index = 0; index < count; ++index) {
            collect(*field.child, version, element + index * field.elements->stride, found);
        }
    }
}

}  // namespace

std::shared_ptr<void> sample_request(const messages::message_schema& schema, std::int16_t version) {
    auto request = schema.make();
    sampler(version).fill(schema.body, request.get());
    return request;
}

void shorten_waits(const messages::message_schema& schema, std::int16_t version, void* request) {
    shorten(schema.body, version, request);
}

std::vector<std::int16_t> error_codes_in(const messages::message_schema& schema,
                                         std::int16_t version,
                                         const void* message) {
    std::vector<std::int16_t> found;
    collect(schema.body, version, message, found);
    return found;
}

}  // namespace verdikt::broker::server
