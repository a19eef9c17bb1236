#include "checker/elle/elle_history.h"

#include "checker/history/writer.h"

#include <fmt/format.h>

#include <iterator>

namespace verdikt::checker::elle {

namespace {

using history::datum_view;
using history::op_type;

}  // namespace

void elle_history::take(const history::operation& line, std::string& out) {
    if (line.process == history::nemesis_process) return;
    const auto [found, fresh] = seats_.try_emplace(line.process);
    seat& who = found->second;
    if (fresh) who.number = next_number_++;
    last_time_ = line.time;
    // What ended without saying what it did did what it meant to do, or nobody knows.
    const bool silent = line.type != op_type::invoke && line.value.view().size() == 0;
    const datum_view value = silent ? who.begun.view() : line.value.view();
    append_line(who, line.type, line.f, value, line.time, out);
    who.open = line.type == op_type::invoke;
    if (who.open) {
        who.begun = line.value;
        who.f = line.f;
    }
    if (line.type == op_type::info) seats_.erase(found);
}

void elle_history::finish(std::string& out) {
    for (const auto& [process, who] : seats_) {
        if (who.open) append_line(who, op_type::info, who.f, who.begun.view(), last_time_, out);
    }
    seats_.clear();
}

void elle_history::append_line(const seat& who,
                               op_type type,
                               std::string_view f,
                               datum_view value,
                               std::int64_t time,
                               std::string& out) const {
    fmt::format_to(std::back_inserter(out),
                   "{{:type :{}, :f :{}, :process {}, :time {}, :value ",
                   name_of(type),
                   f,
                   who.number,
                   time);
    append_value(value, type, out);
    out += "}\n";
}

void elle_history::append_value(datum_view value, op_type type, std::string& out) const {
    out += '[';
    std::string_view comma;
    for (const datum_view one : value) {
        out += comma;
        comma = " ";
        if (one.size() >= 2 && one[0].name() == "r") {
            append_read(one, type == op_type::ok, out);
        } else {
            history::append_edn(out, one);
        }
    }
    out += ']';
}

void elle_history::append_read(datum_view what, bool known, std::string& out) const {
    out += "[:r ";
    history::append_edn(out, what[1]);
    out += ' ';
    if (known && what.size() > 2 && !what[2].is_nil()) {
        history::append_edn(out, what[2]);
    } else {
        out += known && dialect_ == dialect::list_append ? "[]" : "nil";
    }
    out += ']';
}

}  // namespace verdikt::checker::elle
