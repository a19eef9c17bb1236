/// Records as lines of text: how console-producer reads them and console-consumer prints them.
///
/// Property names, separators and defaults are those of Kafka's console tools, so that scripts
/// written for them work unchanged.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdikt::cli {

/// As `--property key=value` gave them.
using properties = std::map<std::string, std::string>;

/// Splits `key=value` items; the message names the first item that has no '='.
[[nodiscard]] std::expected<properties, std::string> parse_properties(
    const std::vector<std::string>& items);

struct text_header {
    std::string key;
    std::optional<std::string> value;

    bool operator==(const text_header&) const = default;
};

struct text_record {
    std::optional<std::string> key;
    std::optional<std::string> value;
    std::vector<text_header> headers;

    bool operator==(const text_record&) const = default;
};

/// Turns input lines into records.
class record_parser {
  public:
    /// Fails on an unknown property, naming the nearest, and on a value that is not true or false.
    [[nodiscard]] static std::expected<record_parser, std::string> from(const properties& wanted);

    /// The message says which separator the line lacks.
    [[nodiscard]] std::expected<text_record, std::string> parse(std::string_view line) const;

  private:
    [[nodiscard]] std::optional<std::string> unless_null(std::string_view text) const;
    [[nodiscard]] std::expected<std::vector<text_header>, std::string> parse_headers(
        std::string_view text) const;

    bool parse_key_ = false;
    bool parse_headers_ = false;
    std::string key_separator_ = "\t";
    std::string headers_delimiter_ = "\t";
    std::string headers_separator_ = ",";
    std::string headers_key_separator_ = ":";
    std::optional<std::string> null_marker_;
};

/// What one consumed record looks like to the printer. Borrowed.
struct printed_record {
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    std::int32_t leader_epoch = -1;
    std::int64_t timestamp_ms = -1;
    bool log_append_time = false;
    std::vector<std::pair<std::string_view, std::optional<std::string_view>>> headers;
    std::optional<std::string_view> key;
    std::optional<std::string_view> value;
};

/// Turns records into output lines.
class record_printer {
  public:
    /// Fails as `record_parser::from` does.
    [[nodiscard]] static std::expected<record_printer, std::string> from(const properties& wanted);

    /// With the line separator at its end.
    [[nodiscard]] std::string print(const printed_record& record) const;

  private:
    [[nodiscard]] std::string print_headers(const printed_record& record) const;

    bool timestamp_ = false;
    bool partition_ = false;
    bool offset_ = false;
    bool epoch_ = false;
    bool headers_ = false;
    bool key_ = false;
    bool value_ = true;
    std::string key_separator_ = "\t";
    std::string line_separator_ = "\n";
    std::string headers_separator_ = ",";
    std::string null_literal_ = "null";
};

}  // namespace verdikt::cli
