#include "tests/sim/load/produce_history.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace verdikt::tests {

namespace {

/// The number of a value, if it is this producer's.
std::optional<std::int64_t> number_of(std::string_view value, std::string_view producer) {
    if (!value.starts_with(producer) || value.substr(producer.size(), 1) != "-") {
        return std::nullopt;
    }
    std::int64_t number = 0;
    const std::string_view digits = value.substr(producer.size() + 1);
    std::from_chars(digits.begin(), digits.end(), number);
    return number;
}

void find_repetitions(const std::string& producer,
                      const std::map<std::int32_t, log_content>& partitions,
                      std::vector<std::string>& found) {
    for (const auto& [partition, log] : partitions) {
        std::int64_t last = -1;
        for (const auto& [offset, value] : log) {
            const auto number = number_of(value, producer);
            if (!number) continue;
            if (*number <= last) {
                found.push_back(fmt::format(
                    "{} at {}/{} comes after number {}", value, partition, offset, last));
            }
            last = *number;
        }
    }
}

}  // namespace

void produce_history::acknowledged(std::int32_t partition, std::int64_t offset, std::string value) {
    acknowledged_[partition].emplace(offset, std::move(value));
    ++count_;
}

void produce_history::promises_exactly_once(std::string producer) {
    exactly_once_.push_back(std::move(producer));
}

std::vector<std::string> produce_history::violations(
    const std::map<std::int32_t, log_content>& partitions) const {
    std::vector<std::string> found;
    for (const auto& [partition, expected] : acknowledged_) {
        const auto present = partitions.find(partition);
        for (const auto& [offset, value] : expected) {
            std::string there = "nothing";
            if (present != partitions.end() && present->second.contains(offset)) {
                there = present->second.at(offset);
            }
            if (there == value) continue;
            found.push_back(fmt::format(
                "{} was acknowledged at {}/{}, where {} is", value, partition, offset, there));
        }
    }
    for (const std::string& producer : exactly_once_) find_repetitions(producer, partitions, found);
    return found;
}

}  // namespace verdikt::tests
