#include "checker/history/writer.h"

#include "checker/history/json_names.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

namespace verdikt::checker::history {

namespace {

void append_integer(std::string& out, std::int64_t what) {
    const fmt::format_int digits(what);
    out.append(digits.data(), digits.size());
}

void append_real(std::string& out, double what, std::string_view nothing) {
    if (!std::isfinite(what)) {
        out += nothing;
        return;
    }
    const std::size_t begin = out.size();
    fmt::format_to(std::back_inserter(out), "{}", what);
    // It must not look like an integer when it is read again.
    if (out.find_first_of(".e", begin) == std::string::npos) out += ".0";
}

/// JSON's and EDN's texts differ in nothing that is written here.
void append_text(std::string& out, std::string_view letters) {
    out += '"';
    for (const char letter : letters) {
        switch (letter) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                if (static_cast<unsigned char>(letter) < 0x20) {
                    fmt::format_to(std::back_inserter(out), "\\u{:04x}", int{letter});
                } else {
                    out += letter;
                }
        }
    }
    out += '"';
}

/// Whether EDN reads `:letters` as that keyword again.
bool is_keyword(std::string_view letters) {
    constexpr std::string_view signs = "*+!_?$%&=<>.-/#'|";
    if (letters.empty()) return false;
    for (const char letter : letters) {
        const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                           (letter >= '0' && letter <= '9');
        if (!plain && signs.find(letter) == std::string_view::npos) return false;
    }
    return true;
}

void append_keyword(std::string& out, std::string_view letters) {
    if (!is_keyword(letters)) return append_text(out, letters);
    out += ':';
    out += letters;
}

/// Writes data the one way or the other.
class json_text {
  public:
    explicit json_text(std::string& out) : out_(out) {}

    void append(datum_view what, place where) {
        switch (what.what()) {
            case kind::nil:
                out_ += "null";
                break;
            case kind::boolean:
                out_ += what.boolean() ? "true" : "false";
                break;
            case kind::integer:
                append_integer(out_, what.integer());
                break;
            case kind::real:
                append_real(out_, what.real(), "null");
                break;
            case kind::text:
            case kind::keyword:
                append_name(what, where);
                break;
            case kind::vector:
                append_vector(what, where);
                break;
            case kind::map:
                append_map(what);
                break;
        }
    }

    /// A keyword begins with a colon, and a text that begins with one of its own gets a second.
    void append_plain(std::string_view letters, kind what) {
        const std::size_t begin = out_.size();
        append_text(out_, letters);
        if (what == kind::keyword || letters.starts_with(':')) out_.insert(begin + 1, ":");
    }

    void append_key(datum_view key) {
        if (key.is_name()) return append_text(out_, key.name());
        std::string letters;
        append_edn(letters, key);
        append_text(out_, letters);
    }

  private:
    void append_name(datum_view what, place where) {
        if (where == place::act) return append_text(out_, what.name());
        append_plain(what.name(), what.what());
    }

    void append_vector(datum_view what, place where) {
        out_ += '[';
        bool first = true;
        for (const datum_view element : what) {
            if (!first) out_ += ',';
            append(element, place_of_element(where, first));
            first = false;
        }
        out_ += ']';
    }

    void append_map(datum_view what) {
        out_ += '{';
        for (auto at = what.begin(); at != what.end(); ++at) {
            if (at != what.begin()) out_ += ',';
            append_key(*at++);
            out_ += ':';
            append(*at, place::elsewhere);
        }
        out_ += '}';
    }

    std::string& out_;
};

class edn_text {
  public:
    explicit edn_text(std::string& out) : out_(out) {}

    void append(datum_view what, place where) {
        switch (what.what()) {
            case kind::nil:
                out_ += "nil";
                break;
            case kind::boolean:
                out_ += what.boolean() ? "true" : "false";
                break;
            case kind::integer:
                append_integer(out_, what.integer());
                break;
            case kind::real:
                append_real(out_, what.real(), "nil");
                break;
            case kind::text:
                where == place::act ? append_keyword(out_, what.name())
                                    : append_text(out_, what.name());
                break;
            case kind::keyword:
                append_keyword(out_, what.name());
                break;
            case kind::vector:
                append_vector(what, where);
                break;
            case kind::map:
                append_map(what);
                break;
        }
    }

  private:
    void append_vector(datum_view what, place where) {
        out_ += '[';
        bool first = true;
        for (const datum_view element : what) {
            if (!first) out_ += ' ';
            append(element, place_of_element(where, first));
            first = false;
        }
        out_ += ']';
    }

    void append_map(datum_view what) {
        out_ += '{';
        for (auto at = what.begin(); at != what.end(); ++at) {
            if (at != what.begin()) out_ += ", ";
            append(*at++, place::elsewhere);
            out_ += ' ';
            append(*at, place::elsewhere);
        }
        out_ += '}';
    }

    std::string& out_;
};

}  // namespace

void append_ndjson(std::string& out, const operation& what) {
    out += R"({"index":)";
    append_integer(out, what.index);
    out += R"(,"time":)";
    append_integer(out, what.time);
    out += R"(,"process":)";
    what.process == nemesis_process ? append_text(out, "nemesis")
                                    : append_integer(out, what.process);
    out += R"(,"type":")";
    out += name_of(what.type);
    out += R"(","f":)";
    json_text json(out);
    json.append_plain(what.f, kind::text);
    out += R"(,"value":)";
    json.append(what.value.view(), place::outermost);
    if (!what.error.empty()) {
        out += R"(,"error":)";
        json.append(what.error.view(), place::elsewhere);
    }
    const datum_view more = what.more.view();
    for (auto at = more.begin(); more.is_map() && at != more.end(); ++at) {
        out += ',';
        json.append_key(*at++);
        out += ':';
        json.append(*at, place::elsewhere);
    }
    out += "}\n";
}

void append_edn(std::string& out, const operation& what) {
    out += "{:index ";
    append_integer(out, what.index);
    out += ", :time ";
    append_integer(out, what.time);
    out += ", :process ";
    what.process == nemesis_process ? append_keyword(out, "nemesis")
                                    : append_integer(out, what.process);
    out += ", :type :";
    out += name_of(what.type);
    out += ", :f ";
    append_keyword(out, what.f);
    out += ", :value ";
    edn_text edn(out);
    edn.append(what.value.view(), place::outermost);
    if (!what.error.empty()) {
        out += ", :error ";
        edn.append(what.error.view(), place::elsewhere);
    }
    const datum_view more = what.more.view();
    for (auto at = more.begin(); more.is_map() && at != more.end(); ++at) {
        out += ", ";
        edn.append(*at++, place::elsewhere);
        out += ' ';
        edn.append(*at, place::elsewhere);
    }
    out += "}\n";
}

void append_edn(std::string& out, datum_view what) {
    edn_text(out).append(what, place::elsewhere);
}

}  // namespace verdikt::checker::history
