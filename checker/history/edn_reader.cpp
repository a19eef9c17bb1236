#include "checker/history/edn_reader.h"

#include "checker/history/fields.h"

namespace verdikt::checker::history {

namespace {

/// Requires: `form` is a map.
std::expected<void, std::string> read_operation(datum_view form, operation& into) {
    field_check fields;
    for (auto at = form.begin(); at != form.end(); ++at) {
        const datum_view key = *at++;
        const field which = field_named(key.name());
        if (which == field::other) {
            if (into.more.open_containers() == 0) into.more.open_map();
            into.more.add(key);
            into.more.add(*at);
        } else if (fields.has(which)) {
            return std::unexpected("a field twice");
        } else if (which == field::value) {
            into.value.add(*at);
        } else if (which == field::error) {
            into.error.add(*at);
        } else if (!((*at).is_nil() && (which == field::index || which == field::time))) {
            if (auto done = set_field(into, which, *at); !done) return done;
            fields.saw(which);
        }
        if (which == field::value || which == field::error) fields.saw(which);
    }
    if (into.more.open_containers() > 0) into.more.close();
    if (!fields.missing().empty()) return std::unexpected(std::string(fields.missing()));
    return {};
}

}  // namespace

std::expected<bool, malformed> edn_reader::next(operation& into) {
    const auto found = next_form();
    if (!found || !*found) {
        ended_ = true;
        return found;
    }
    if (!form_.view().is_map()) return refuse("an operation that is no map");
    into.clear();
    into.index = count_;
    if (auto done = read_operation(form_.view(), into); !done) {
        ended_ = true;
        return refuse(std::move(done.error()));
    }
    ++count_;
    return true;
}

void edn_reader::enter_sequence() {
    begun_ = true;
    const char first = text_.next_letter(" \t\r\n\f,");
    if (first == '[') closing_ = ']';
    if (first == '(') closing_ = ')';
    if (closing_ != 0) text_.consume(1);
}

std::expected<bool, malformed> edn_reader::next_form() {
    if (ended_) return false;
    if (!begun_) enter_sequence();
    while (true) {
        const auto taken = take_form();
        if (!taken || *taken || ended_) return taken;
        if (!text_.grow() && !text_.failure().empty()) return refuse(text_.failure());
    }
}

// True if a form was taken; false if more text is needed, or the history has ended.
std::expected<bool, malformed> edn_reader::take_form() {
    edn_parser parser(text_.window(), text_.whole());
    edn_parser::outcome outcome = parser.skip_blanks();
    if (outcome == edn_parser::outcome::parsed && closing_ != 0 &&
        text_.window()[parser.position()] == closing_) {
        ended_ = true;
        return false;
    }
    form_.clear();
    if (outcome == edn_parser::outcome::parsed) outcome = parser.parse(form_);
    switch (outcome) {
        case edn_parser::outcome::parsed:
            text_.consume(parser.position());
            return true;
        case edn_parser::outcome::nothing:
            ended_ = text_.whole();
            cut_short_ = ended_ && closing_ != 0;
            return false;
        case edn_parser::outcome::incomplete:
            ended_ = text_.whole();
            cut_short_ = ended_;
            return false;
        case edn_parser::outcome::malformed:
            ended_ = true;
            // Of a name or number at the very end nobody knows how it would have gone on.
            cut_short_ = text_.whole() && parser.position() == text_.window().size();
            if (cut_short_) return false;
            return refuse(parser.problem());
    }
    return false;
}

}  // namespace verdikt::checker::history
