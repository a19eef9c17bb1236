#include "cli/partition_list.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace verdikt::cli {

namespace {

using nlohmann::json;

template <typename T>
using parsed = std::expected<T, std::string>;

std::unexpected<std::string> wrong(std::string what) {
    return std::unexpected(std::move(what));
}

/// The list of that name in the outermost object.
parsed<json> list_in(std::string_view text, const char* name) {
    json document = json::parse(text, nullptr, false);
    if (document.is_discarded()) return wrong("it is no JSON");
    if (!document.is_object() || !document.contains(name) || !document[name].is_array()) {
        return wrong(fmt::format("it has no list \"{}\"", name));
    }
    if (document.value("version", json(1)) != 1) return wrong("its version is not 1");
    return std::move(document[name]);
}

parsed<std::string> topic_in(const json& entry) {
    if (!entry.is_object() || !entry.contains("topic") || !entry["topic"].is_string()) {
        return wrong(fmt::format("{} names no topic", entry.dump()));
    }
    return entry["topic"].get<std::string>();
}

/// Node ids and partitions are 32 bits wide and not negative.
bool is_index(const json& value) {
    return value.is_number_integer() && value >= 0 && value <= INT32_MAX;
}

parsed<kafka::topic_partition> partition_in(const json& entry) {
    auto topic = topic_in(entry);
    if (!topic) return wrong(std::move(topic.error()));
    if (!entry.contains("partition") || !is_index(entry["partition"])) {
        return wrong(fmt::format("{} names no partition", entry.dump()));
    }
    return kafka::topic_partition{
        .topic = std::move(*topic),
        .partition = kafka::partition_index(entry["partition"].get<std::int32_t>())};
}

parsed<std::vector<std::int32_t>> replicas_in(const json& entry) {
    const json list = entry.value("replicas", json());
    if (!list.is_array() || list.empty() || !std::ranges::all_of(list, is_index)) {
        return wrong(fmt::format("{} names no replicas", entry.dump()));
    }
    auto replicas = list.get<std::vector<std::int32_t>>();
    for (std::size_t at = 0; at < replicas.size(); ++at) {
        if (std::ranges::count(replicas, replicas[at]) > 1) {
            return wrong(fmt::format("{} names a replica twice", entry.dump()));
        }
    }
    const json directories = entry.value("log_dirs", json::array());
    if (!std::ranges::all_of(directories, [](const json& each) { return each == "any"; })) {
        return wrong(
            fmt::format("{} chooses log directories; only \"any\" is possible", entry.dump()));
    }
    return replicas;
}

std::unexpected<std::string> twice(const kafka::topic_partition& which) {
    return wrong(fmt::format("it names {} twice", kafka::to_text(which)));
}

}  // namespace

parsed<std::set<kafka::topic_partition>> parse_partitions(std::string_view text) {
    const auto list = list_in(text, "partitions");
    if (!list) return wrong(list.error());
    std::set<kafka::topic_partition> partitions;
    for (const json& entry : *list) {
        const auto which = partition_in(entry);
        if (!which) return wrong(which.error());
        if (!partitions.insert(*which).second) return twice(*which);
    }
    return partitions;
}

parsed<std::set<std::string>> parse_topics(std::string_view text) {
    const auto list = list_in(text, "topics");
    if (!list) return wrong(list.error());
    std::set<std::string> topics;
    for (const json& entry : *list) {
        auto topic = topic_in(entry);
        if (!topic) return wrong(std::move(topic.error()));
        topics.insert(std::move(*topic));
    }
    return topics;
}

parsed<partition_assignment> parse_assignment(std::string_view text) {
    const auto list = list_in(text, "partitions");
    if (!list) return wrong(list.error());
    partition_assignment assignment;
    for (const json& entry : *list) {
        const auto which = partition_in(entry);
        if (!which) return wrong(which.error());
        auto replicas = replicas_in(entry);
        if (!replicas) return wrong(std::move(replicas.error()));
        if (!assignment.emplace(*which, std::move(*replicas)).second) return twice(*which);
    }
    return assignment;
}

std::string print_assignment(const partition_assignment& assignment) {
    // Kept in the order in which Kafka's tool prints the names.
    nlohmann::ordered_json document{{"version", 1},
                                    {"partitions", nlohmann::ordered_json::array()}};
    for (const auto& [which, replicas] : assignment) {
        document["partitions"].push_back(
            {{"topic", which.topic},
             {"partition", which.partition.value()},
             {"replicas", replicas},
             {"log_dirs", std::vector<std::string>(replicas.size(), "any")}});
    }
    return document.dump();
}

}  // namespace verdikt::cli
