/// Small numbers for the messages and partitions of a history.
///
/// A message is a value of a partition (a *key* in histories); both are told apart by how they are
/// printed, so 7, "7" and :7 are one. A million messages take 30 MB.
#pragma once

#include "checker/history/datum.h"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace verdikt::checker::log {

/// None: of a message, a partition, an operation.
inline constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

/// Distinct names to 0, 1, 2, …; an integer costs no memory for its letters.
class name_table {
  public:
    [[nodiscard]] std::uint32_t number_of(history::datum_view what);
    [[nodiscard]] std::string text_of(std::uint32_t number) const;
    [[nodiscard]] std::size_t size() const { return names_.size(); }

  private:
    struct name {
        std::int64_t integer;
        /// Empty: it is the integer.
        std::string letters;
    };
    std::vector<name> names_;
    std::unordered_map<std::int64_t, std::uint32_t> integers_;
    std::unordered_map<std::string, std::uint32_t> texts_;
};

/// Pairs of a partition and a value to 0, 1, 2, …
class message_table {
  public:
    /// The number of that message; a fresh one where it was never met.
    [[nodiscard]] std::uint32_t number_of(std::uint32_t partition, history::datum_view value);
    [[nodiscard]] std::size_t size() const { return messages_.size(); }
    [[nodiscard]] std::uint32_t partition_of(std::uint32_t message) const {
        return messages_[message].partition;
    }
    [[nodiscard]] std::string text_of(std::uint32_t message) const;

  private:
    struct message {
        std::int64_t value;
        std::uint32_t partition;
        /// `value` is an integer, or a number in `texts_`.
        bool is_text;
        friend bool operator==(const message&, const message&) = default;
    };
    void grow();
    [[nodiscard]] std::size_t slot_of(const message& wanted) const;

    std::vector<message> messages_;
    /// Open addressing, at most half full; `none` is free.
    std::vector<std::uint32_t> slots_;
    name_table texts_;
};

}  // namespace verdikt::checker::log
