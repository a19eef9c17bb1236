#include "workloads/keyed_transactions/key_step.h"

#include "workloads/recorder/datums.h"

namespace verdikt::workloads {

using checker::history::datum;

namespace {

void add_list(datum& into, const std::vector<found_record>& found) {
    into.open_vector();
    for (const found_record& each : found) add_number_or_text(into, each.value);
    into.close();
}

void add_found(datum& into, key_kind what, const key_step& read) {
    if (!read.done) return into.add_nil();
    if (what == key_kind::list) return add_list(into, read.found);
    if (read.found.empty()) return into.add_nil();
    add_number_or_text(into, read.found.back().value);
}

std::string_view name_of(key_kind what, const key_step& step) {
    if (!step.is_write) return "r";
    return what == key_kind::list ? "append" : "w";
}

std::int64_t offset_of(const key_step& step) {
    if (step.is_write) return step.offset;
    return step.found.empty() ? -1 : step.found.back().offset;
}

}  // namespace

datum value_of(key_kind what, const std::vector<key_step>& steps) {
    datum made;
    made.open_vector();
    for (const key_step& each : steps) {
        made.open_vector();
        made.add_keyword(name_of(what, each));
        made.add_integer(each.key);
        if (each.is_write) {
            made.add_integer(each.value);
        } else {
            add_found(made, what, each);
        }
        made.close();
    }
    made.close();
    return made;
}

datum offsets_of(const std::vector<key_step>& steps) {
    datum offsets;
    offsets.open_vector();
    for (const key_step& each : steps) {
        const std::int64_t offset = offset_of(each);
        if (offset >= 0) {
            offsets.add_integer(offset);
        } else {
            offsets.add_nil();
        }
    }
    offsets.close();
    return offsets;
}

}  // namespace verdikt::workloads
