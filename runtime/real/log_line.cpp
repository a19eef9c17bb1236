#include "runtime/log_level_name.h"
#include "runtime/real/log.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <iterator>

namespace verdikt::runtime::real {

namespace {

/// RFC 3339 in UTC, to the millisecond.
std::string format_time(wall_instant time) {
    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    const auto milliseconds = (time - second).count();
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(second)),
                       milliseconds);
}

bool is_control(char letter) {
    return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
}

/// In double quotes, escaped as JSON wants it.
void append_quoted(std::string& line, std::string_view value) {
    line.push_back('"');
    for (const char letter : value) {
        switch (letter) {
            case '"':
                line += "\\\"";
                break;
            case '\\':
                line += "\\\\";
                break;
            case '\n':
                line += "\\n";
                break;
            case '\r':
                line += "\\r";
                break;
            case '\t':
                line += "\\t";
                break;
            default:
                if (is_control(letter)) {
                    fmt::format_to(std::back_inserter(line), "\\u{:04x}", static_cast<int>(letter));
                } else {
                    line.push_back(letter);
                }
        }
    }
    line.push_back('"');
}

bool needs_quotes(std::string_view value) {
    return value.empty() || std::ranges::any_of(value, [](char letter) {
               return letter == ' ' || letter == '"' || letter == '=' || is_control(letter);
           });
}

void append_json_member(std::string& line, std::string_view name, std::string_view value) {
    line.push_back(line.empty() ? '{' : ',');
    append_quoted(line, name);
    line.push_back(':');
    append_quoted(line, value);
}

}  // namespace

std::string format_text_line(const log_stamp& stamp,
                             std::string_view event,
                             std::span<const log_field> fields) {
    std::string line = fmt::format(
        "{} {} {} {}", format_time(stamp.time), stamp.node, describe(stamp.level), event);
    for (const log_field& field : fields) {
        line.push_back(' ');
        line += field.name;
        line.push_back('=');
        if (needs_quotes(field.value)) {
            append_quoted(line, field.value);
        } else {
            line += field.value;
        }
    }
    return line;
}

std::string format_json_line(const log_stamp& stamp,
                             std::string_view event,
                             std::span<const log_field> fields) {
    std::string line;
    append_json_member(line, "time", format_time(stamp.time));
    append_json_member(line, "node", stamp.node);
    append_json_member(line, "level", describe(stamp.level));
    append_json_member(line, "event", event);
    for (const log_field& field : fields) append_json_member(line, field.name, field.value);
    line.push_back('}');
    return line;
}

}  // namespace verdikt::runtime::real
