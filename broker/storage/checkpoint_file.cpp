#include "broker/storage/checkpoint_file.h"

#include <fmt/format.h>
#include "runtime/parse_number.h"

#include <algorithm>
#include <cstdint>

namespace verdikt::broker::storage {

namespace {

constexpr int checkpoint_version = 0;

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(separator), text.size());
        if (end > 0) parts.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

// The entries, once version and count are found right.
std::optional<std::vector<std::string_view>> entry_lines(std::string_view text) {
    std::vector<std::string_view> lines = split(text, '\n');
    if (lines.size() < 2 || runtime::parse_number<int>(lines[0]) != checkpoint_version)
        return std::nullopt;
    const auto count = runtime::parse_number<std::size_t>(lines[1]);
    if (!count || *count != lines.size() - 2) return std::nullopt;
    lines.erase(lines.begin(), lines.begin() + 2);
    return lines;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\r";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

std::string print_offset_checkpoint(const offset_checkpoint& offsets) {
    std::string text = fmt::format("{}\n{}\n", checkpoint_version, offsets.size());
    for (const auto& [which, offset] : offsets) {
        fmt::format_to(
            std::back_inserter(text), "{} {} {}\n", which.topic, which.partition, offset);
    }
    return text;
}

std::optional<offset_checkpoint> parse_offset_checkpoint(std::string_view text) {
    const auto lines = entry_lines(text);
    if (!lines) return std::nullopt;
    offset_checkpoint offsets;
    for (const std::string_view line : *lines) {
        const auto words = split(line, ' ');
        if (words.size() != 3) return std::nullopt;
        const auto partition = runtime::parse_number<std::int32_t>(words[1]);
        const auto offset = runtime::parse_number<std::int64_t>(words[2]);
        if (!partition || !offset) return std::nullopt;
        offsets[{std::string(words[0]), kafka::partition_index(*partition)}] =
            kafka::offset(*offset);
    }
    return offsets;
}

std::string print_epoch_checkpoint(const std::vector<epoch_start>& epochs) {
    std::string text = fmt::format("{}\n{}\n", checkpoint_version, epochs.size());
    for (const auto& [epoch, start] : epochs) {
        fmt::format_to(std::back_inserter(text), "{} {}\n", epoch, start);
    }
    return text;
}

std::optional<std::vector<epoch_start>> parse_epoch_checkpoint(std::string_view text) {
    const auto lines = entry_lines(text);
    if (!lines) return std::nullopt;
    std::vector<epoch_start> epochs;
    for (const std::string_view line : *lines) {
        const auto words = split(line, ' ');
        if (words.size() != 2) return std::nullopt;
        const auto epoch = runtime::parse_number<std::int32_t>(words[0]);
        const auto start = runtime::parse_number<std::int64_t>(words[1]);
        if (!epoch || !start) return std::nullopt;
        epochs.push_back({.epoch = kafka::leader_epoch(*epoch), .start = kafka::offset(*start)});
    }
    return epochs;
}

std::string print_properties(const properties& entries) {
    std::string text;
    for (const auto& [key, value] : entries) text += fmt::format("{}={}\n", key, value);
    return text;
}

properties parse_properties(std::string_view text) {
    properties entries;
    for (const std::string_view line : split(text, '\n')) {
        const std::string_view entry = trim(line);
        const std::size_t equals = entry.find('=');
        if (entry.starts_with('#') || equals == std::string_view::npos) continue;
        entries[std::string(trim(entry.substr(0, equals)))] = trim(entry.substr(equals + 1));
    }
    return entries;
}

std::string print_partition_metadata(const kafka::uuid& topic_id) {
    return fmt::format("version: {}\ntopic_id: {}\n", checkpoint_version, kafka::to_text(topic_id));
}

std::optional<kafka::uuid> parse_partition_metadata(std::string_view text) {
    constexpr std::string_view key = "topic_id:";
    for (const std::string_view line : split(text, '\n')) {
        if (line.starts_with(key)) return kafka::uuid_from_text(trim(line.substr(key.size())));
    }
    return std::nullopt;
}

}  // namespace verdikt::broker::storage
