#include "workloads/exactly_once/eos_records.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace verdikt::workloads {

using checker::history::datum;

namespace {

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

void add_number(datum& into, std::string_view text) {
    // What we write are numbers; what is none was written by nobody, and stays as it is.
    if (const auto value = number(text)) return into.add_integer(*value);
    into.add_text(text);
}

void add_value(datum& into, std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return add_number(into, text);
    into.open_vector();
    add_number(into, text.substr(0, slash));
    add_number(into, text.substr(slash + 1));
    into.close();
}

void add_place(datum& into, const eos_record& record) {
    into.open_vector();
    if (record.offset < 0) {
        into.add_nil();
    } else {
        into.add_integer(record.offset);
    }
    add_value(into, record.value);
    into.close();
}

void add_poll(datum& into,
              const exactly_once_options& plan,
              const std::vector<eos_record>& polled) {
    std::map<std::string, std::vector<const eos_record*>> by_key;
    for (const eos_record& each : polled) by_key[key_of(plan, each.where)].push_back(&each);
    into.open_vector();
    into.add_keyword("poll");
    into.open_map();
    for (const auto& [key, records] : by_key) {
        into.add_text(key);
        into.open_vector();
        for (const eos_record* each : records) add_place(into, *each);
        into.close();
    }
    into.close();
    into.close();
}

}  // namespace

std::string key_of(const exactly_once_options& plan, const client::topic_partition& which) {
    return fmt::format("{}-{}", which.topic == plan.input ? "in" : "out", which.partition.value());
}

client::partition_set partitions_of(const exactly_once_options& plan, const std::string& topic) {
    client::partition_set all;
    for (std::int32_t each = 0; each < plan.load.partitions; ++each) {
        all.insert({.topic = topic, .partition = kafka::partition_index(each)});
    }
    return all;
}

std::vector<eos_record> records_of(const client::consumed_records& records) {
    std::vector<eos_record> copied;
    for (const client::consumed_record& each : records) {
        copied.push_back(
            {.where = {.topic = std::string(each.topic), .partition = each.partition},
             .offset = each.offset.value(),
             .value = each.value ? std::string(client::as_text(*each.value)) : std::string()});
    }
    return copied;
}

datum value_of(const exactly_once_options& plan,
               const std::vector<eos_record>* polled,
               const std::vector<eos_record>& sent) {
    datum made;
    made.open_vector();
    if (polled != nullptr) add_poll(made, plan, *polled);
    for (const eos_record& each : sent) {
        made.open_vector();
        made.add_keyword("send");
        made.add_text(key_of(plan, each.where));
        add_place(made, each);
        made.close();
    }
    made.close();
    return made;
}

datum offsets_of(const exactly_once_options& plan,
                 const client::partition_set& partitions,
                 const client::offset_map& offsets) {
    datum made;
    made.open_map();
    for (const client::topic_partition& each : partitions) {
        made.add_text(key_of(plan, each));
        const auto found = offsets.find(each);
        if (found == offsets.end()) {
            made.add_nil();
        } else {
            made.add_integer(found->second.offset.value());
        }
    }
    made.close();
    return made;
}

datum keys_of(const exactly_once_options& plan, const client::partition_set& partitions) {
    datum made;
    made.open_vector();
    for (const client::topic_partition& each : partitions) made.add_text(key_of(plan, each));
    made.close();
    return made;
}

}  // namespace verdikt::workloads
