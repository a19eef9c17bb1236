#include "cli/record_text.h"

#include "cli/property_binder.h"

#include <fmt/format.h>

namespace verdikt::cli {

namespace {

using two_parts = std::optional<std::pair<std::string_view, std::string_view>>;

two_parts split_once(std::string_view text, std::string_view separator) {
    const std::size_t at = text.find(separator);
    if (at == std::string_view::npos) return std::nullopt;
    return std::pair(text.substr(0, at), text.substr(at + separator.size()));
}

}  // namespace

std::expected<record_parser, std::string> record_parser::from(const properties& wanted) {
    record_parser parser;
    const auto bound = bind_properties(wanted,
                                       {{"parse.key", &parser.parse_key_},
                                        {"key.separator", &parser.key_separator_},
                                        {"parse.headers", &parser.parse_headers_},
                                        {"headers.delimiter", &parser.headers_delimiter_},
                                        {"headers.separator", &parser.headers_separator_},
                                        {"headers.key.separator", &parser.headers_key_separator_},
                                        {"null.marker", &parser.null_marker_}});
    if (!bound) return std::unexpected(bound.error());
    return parser;
}

std::optional<std::string> record_parser::unless_null(std::string_view text) const {
    if (null_marker_ && text == *null_marker_) return std::nullopt;
    return std::string(text);
}

std::expected<std::vector<text_header>, std::string> record_parser::parse_headers(
    std::string_view text) const {
    std::vector<text_header> headers;
    while (!text.empty()) {
        const two_parts next = split_once(text, headers_separator_);
        const std::string_view item = next ? next->first : text;
        text = next ? next->second : std::string_view();
        const two_parts pair = split_once(item, headers_key_separator_);
        if (!pair) {
            return std::unexpected(fmt::format(
                "header '{}' has no '{}' between key and value", item, headers_key_separator_));
        }
        headers.push_back({std::string(pair->first), unless_null(pair->second)});
    }
    return headers;
}

std::expected<text_record, std::string> record_parser::parse(std::string_view line) const {
    text_record record;
    if (parse_headers_) {
        const two_parts parts = split_once(line, headers_delimiter_);
        if (!parts) {
            return std::unexpected(
                fmt::format("no headers delimiter '{}' in line '{}'", headers_delimiter_, line));
        }
        if (const auto text = unless_null(parts->first)) {
            auto headers = parse_headers(*text);
            if (!headers) return std::unexpected(headers.error());
            record.headers = std::move(*headers);
        }
        line = parts->second;
    }
    if (parse_key_) {
        const two_parts parts = split_once(line, key_separator_);
        if (!parts) {
            return std::unexpected(
                fmt::format("no key separator '{}' in line '{}'", key_separator_, line));
        }
        record.key = unless_null(parts->first);
        line = parts->second;
    }
    record.value = unless_null(line);
    return record;
}

std::expected<record_printer, std::string> record_printer::from(const properties& wanted) {
    record_printer printer;
    const auto bound = bind_properties(wanted,
                                       {{"print.timestamp", &printer.timestamp_},
                                        {"print.partition", &printer.partition_},
                                        {"print.offset", &printer.offset_},
                                        {"print.epoch", &printer.epoch_},
                                        {"print.headers", &printer.headers_},
                                        {"print.key", &printer.key_},
                                        {"print.value", &printer.value_},
                                        {"key.separator", &printer.key_separator_},
                                        {"line.separator", &printer.line_separator_},
                                        {"headers.separator", &printer.headers_separator_},
                                        {"null.literal", &printer.null_literal_}});
    if (!bound) return std::unexpected(bound.error());
    return printer;
}

std::string record_printer::print_headers(const printed_record& record) const {
    if (record.headers.empty()) return "NO_HEADERS";
    std::string text;
    for (const auto& [key, value] : record.headers) {
        if (!text.empty()) text += headers_separator_;
        text += fmt::format("{}:{}", key, value.value_or(null_literal_));
    }
    return text;
}

std::string record_printer::print(const printed_record& record) const {
    std::vector<std::string> columns;
    if (timestamp_) {
        const char* kind = record.log_append_time ? "LogAppendTime" : "CreateTime";
        columns.push_back(record.timestamp_ms < 0
                              ? "NO_TIMESTAMP"
                              : fmt::format("{}:{}", kind, record.timestamp_ms));
    }
    if (partition_) columns.push_back(fmt::format("Partition:{}", record.partition));
    if (offset_) columns.push_back(fmt::format("Offset:{}", record.offset));
    if (epoch_) columns.push_back(fmt::format("Epoch:{}", record.leader_epoch));
    if (headers_) columns.push_back(print_headers(record));
    if (key_) columns.emplace_back(record.key.value_or(null_literal_));
    if (value_) columns.emplace_back(record.value.value_or(null_literal_));
    return fmt::format("{}{}", fmt::join(columns, key_separator_), line_separator_);
}

}  // namespace verdikt::cli
