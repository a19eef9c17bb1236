/// One JSON object to one operation. simdjson's tape is read once, from front to back, so its
/// objects are never searched; its DOM, other than its on-demand parser, uses what the processor at
/// hand offers.
#include "checker/history/depth_max.h"
#include "checker/history/fields.h"
#include "checker/history/json_names.h"
#include "checker/history/json_reader.h"

#include <simdjson.h>

namespace verdikt::checker::history {

namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

/// False where it is nested too deeply.
bool add(datum& into, element from, place where, int depth);

bool add_array(datum& into, simdjson::dom::array from, place where, int depth) {
    into.open_vector();
    bool first = true;
    for (const element one : from) {
        if (!add(into, one, place_of_element(where, first), depth + 1)) return false;
        first = false;
    }
    into.close();
    return true;
}

bool add_object(datum& into, simdjson::dom::object from, int depth) {
    into.open_map();
    for (const simdjson::dom::key_value_pair& one : from) {
        add_key_of_map(into, one.key);
        if (!add(into, one.value, place::elsewhere, depth + 1)) return false;
    }
    into.close();
    return true;
}

bool add(datum& into, element from, place where, int depth) {
    if (depth > depth_max) return false;
    switch (from.type()) {
        case element_type::ARRAY:
            return add_array(into, from.get_array().value_unsafe(), where, depth);
        case element_type::OBJECT:
            return add_object(into, from.get_object().value_unsafe(), depth);
        case element_type::INT64:
            into.add_integer(from.get_int64().value_unsafe());
            break;
        case element_type::UINT64:
        case element_type::DOUBLE:
            into.add_real(from.get_double().value_unsafe());
            break;
        case element_type::STRING:
            add_name(into, from.get_string().value_unsafe(), where);
            break;
        case element_type::BOOL:
            into.add_boolean(from.get_bool().value_unsafe());
            break;
        case element_type::NULL_VALUE:
            into.add_nil();
            break;
    }
    return true;
}

}  // namespace

struct json_parser::state {
    simdjson::dom::parser parser;
    /// A plain field on its way into the operation.
    datum plain;

    std::expected<void, std::string> add_field(std::string_view key, element from, operation& into);
    field_check fields;
};

json_parser::json_parser() : state_(std::make_unique<state>()) {}
json_parser::~json_parser() = default;

std::expected<void, std::string> json_parser::state::add_field(std::string_view key,
                                                               element from,
                                                               operation& into) {
    const field which = field_named(key);
    const bool counted = which == field::index || which == field::time;
    if (counted && from.is_null()) return {};
    if (which != field::other && fields.has(which)) return std::unexpected("a field twice");
    fields.saw(which);
    datum* target = &plain;
    plain.clear();
    if (which == field::value) target = &into.value;
    if (which == field::error) target = &into.error;
    if (which == field::other) {
        target = &into.more;
        if (into.more.open_containers() == 0) into.more.open_map();
        add_key_of_map(into.more, key);
    }
    const place where = which == field::value ? place::outermost : place::elsewhere;
    if (!add(*target, from, where, 0)) return std::unexpected("nested too deeply");
    if (target != &plain) return {};
    return set_field(into, which, plain.view());
}

std::expected<void, std::string> json_parser::parse(std::string_view text, operation& into) {
    static_assert(buffered_text::padding >= simdjson::SIMDJSON_PADDING);
    simdjson::dom::object object;
    const auto error = state_->parser.parse(text.data(), text.size(), false).get(object);
    if (error) return std::unexpected(std::string(simdjson::error_message(error)));
    state_->fields = {};
    for (const simdjson::dom::key_value_pair& one : object) {
        if (auto done = state_->add_field(one.key, one.value, into); !done) return done;
    }
    if (into.more.open_containers() > 0) into.more.close();
    const std::string_view missing = state_->fields.missing();
    if (!missing.empty()) return std::unexpected(std::string(missing));
    return {};
}

}  // namespace verdikt::checker::history
