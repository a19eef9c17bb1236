#include "workloads/compaction/keyed_value.h"

#include <charconv>

namespace verdikt::workloads {

using checker::history::datum;

namespace {

std::int64_t number_in(const client::nullable_bytes& bytes) {
    std::int64_t number = -1;
    if (!bytes) return number;
    const std::string_view text = client::as_text(*bytes);
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return read.ec == std::errc() ? number : -1;
}

void add_record(datum& into, const keyed_value& record) {
    into.open_vector();
    into.add_integer(record.key);
    into.add_integer(record.number);
    if (record.tombstone) into.add_text("deleted");
    into.close();
}

void add_placed(datum& into, const keyed_value& record) {
    into.open_vector();
    into.add_integer(record.offset);
    add_record(into, record);
    into.close();
}

}  // namespace

keyed_value to_keyed_value(const client::consumed_record& record) {
    keyed_value made{.key = number_in(record.key),
                     .number = -1,
                     .tombstone = !record.value.has_value(),
                     .offset = record.offset.value()};
    for (const auto& header : record.headers) {
        if (header.key == number_header) made.number = number_in(header.value);
    }
    return made;
}

datum value_of_send(const std::vector<keyed_value>& records) {
    datum made;
    made.open_vector();
    for (const keyed_value& each : records) {
        made.open_vector();
        made.add_keyword("send");
        made.add_integer(each.partition);
        each.offset < 0 ? add_record(made, each) : add_placed(made, each);
        made.close();
    }
    made.close();
    return made;
}

datum value_of_scan(std::int32_t partition, const std::vector<keyed_value>& records) {
    datum made;
    made.open_vector();
    made.open_vector();
    made.add_keyword("poll");
    made.open_map();
    made.add_integer(partition);
    made.open_vector();
    for (const keyed_value& each : records) add_placed(made, each);
    made.close();
    made.close();
    made.close();
    made.close();
    return made;
}

datum value_of_pair(std::int32_t partition, std::int64_t what) {
    datum made;
    made.open_map();
    made.add_integer(partition);
    made.add_integer(what);
    made.close();
    return made;
}

}  // namespace verdikt::workloads
