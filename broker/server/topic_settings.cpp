#include "broker/server/topic_settings.h"

#include "broker/server/config_value.h"
#include "runtime/check.h"
#include "runtime/nearest_name.h"

#include <algorithm>
#include <vector>

namespace verdikt::broker::server {

namespace {

class topic_values {
  public:
    topic_values(const config_map& overrides, const broker_config& broker)
        : overrides_(overrides), broker_(broker) {}

    [[nodiscard]] const std::string& text(std::string_view key) const {
        return topic_value(key, overrides_, broker_);
    }
    [[nodiscard]] std::int64_t integer(std::string_view key) const { return to_integer(text(key)); }
    [[nodiscard]] std::chrono::milliseconds milliseconds(std::string_view key) const {
        return std::chrono::milliseconds(integer(key));
    }
    [[nodiscard]] bool lists(std::string_view key, std::string_view item) const {
        const std::vector<std::string> items = to_list(text(key));
        return std::ranges::find(items, item) != items.end();
    }

  private:
    const config_map& overrides_;
    const broker_config& broker_;
};

storage::log_config log_settings(const topic_values& of) {
    return {.segment_bytes = of.integer("segment.bytes"),
            .segment_ms = of.milliseconds("segment.ms"),
            .segment_index_bytes = of.integer("segment.index.bytes"),
            .index_interval_bytes = of.integer("index.interval.bytes"),
            .retention_ms = of.milliseconds("retention.ms"),
            .retention_bytes = of.integer("retention.bytes"),
            .cleanup_delete = of.lists("cleanup.policy", "delete"),
            .cleanup_compact = of.lists("cleanup.policy", "compact"),
            .delete_retention_ms = of.milliseconds("delete.retention.ms"),
            .min_compaction_lag_ms = of.milliseconds("min.compaction.lag.ms"),
            .max_compaction_lag_ms = of.milliseconds("max.compaction.lag.ms"),
            .min_cleanable_dirty_ratio = to_real(of.text("min.cleanable.dirty.ratio")),
            .flush_messages = of.integer("flush.messages"),
            .flush_ms = of.milliseconds("flush.ms"),
            .max_message_bytes = of.integer("max.message.bytes"),
            .file_delete_delay_ms = of.milliseconds("file.delete.delay.ms"),
            .preallocate = to_boolean(of.text("preallocate"))};
}

std::optional<kafka::records::codec> stored_compression(const std::string& type) {
    if (type == "producer") return std::nullopt;
    if (type == "uncompressed") return kafka::records::codec::none;
    const auto codec = kafka::records::codec_named(type);
    CHECK(codec.has_value(), "compression.type {} passed its check", type);
    return codec;
}

std::optional<std::string> key_fault(std::string_view name, std::string_view value) {
    const config_key* key = find_key(topic_keys(), name);
    if (key == nullptr) {
        std::vector<std::string_view> names;
        for (const config_key& known : topic_keys()) names.push_back(known.name);
        return fmt::format("unknown topic config '{}'; did you mean '{}'?",
                           name,
                           runtime::nearest_name(name, names));
    }
    const auto checked = check_value(*key, value);
    if (!checked) return fmt::format("{}: {}", name, checked.error());
    return std::nullopt;
}

}  // namespace

const std::string& topic_value(std::string_view key,
                               const config_map& overrides,
                               const broker_config& broker) {
    if (const auto found = overrides.find(key); found != overrides.end()) return found->second;
    const config_key* declared = find_key(topic_keys(), key);
    CHECK(declared != nullptr, "{} is not a topic key", key);
    return broker.text(declared->broker_key);
}

topic_settings settings_of(const config_map& overrides, const broker_config& broker) {
    const topic_values of(overrides, broker);
    return {.log = log_settings(of),
            .log_append_time = of.text("message.timestamp.type") == "LogAppendTime",
            .timestamp_before_max = of.milliseconds("message.timestamp.before.max.ms"),
            .timestamp_after_max = of.milliseconds("message.timestamp.after.max.ms"),
            .min_insync_replicas = static_cast<std::int32_t>(of.integer("min.insync.replicas")),
            .stored_compression = stored_compression(of.text("compression.type"))};
}

std::optional<std::string> topic_config_fault(const config_map& overrides,
                                              const broker_config& broker) {
    for (const auto& [name, value] : overrides) {
        if (auto fault = key_fault(name, value)) return fault;
    }
    const topic_values of(overrides, broker);
    if (of.integer("min.compaction.lag.ms") > of.integer("max.compaction.lag.ms")) {
        return "min.compaction.lag.ms is above max.compaction.lag.ms";
    }
    return std::nullopt;
}

}  // namespace verdikt::broker::server
