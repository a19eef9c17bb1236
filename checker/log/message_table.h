/// Small numbers for the messages and partitions of a history.
///
/// A message is a value of a partition (a *key* in histories); both are told apart by how they are
/// printed, so 7, "7" and :7 are one. A million messages take 25 MB.
#pragma once

#include "checker/history/datum.h"

#include <cstdint>
#include <limits>
#include <string>
#include <unordered_map>
#include <vector>

namespace verdikt::checker::log {

/// None: of a message, a partition, an operation.
inline constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

/// Pairs of a partition and a value to 0, 1, 2, …
class message_table {
  public:
    /// The number of that message; a fresh one where it was never met.
    [[nodiscard]] std::uint32_t number_of(std::uint32_t partition, history::datum_view value);
    /// Gives the memory back that only `number_of` needs.
    void release_search() { slots_ = {}; }
    [[nodiscard]] std::size_t size() const { return messages_.size(); }
    [[nodiscard]] std::uint32_t partition_of(std::uint32_t message) const {
        return messages_[message].partition;
    }
    [[nodiscard]] std::string text_of(std::uint32_t message) const;

  private:
    struct message {
        std::int64_t value;
        std::uint32_t partition;
        /// `value` is an integer, or a place in `texts_`.
        bool is_text;
        friend bool operator==(const message&, const message&) = default;
    };
    [[nodiscard]] std::int64_t place_of(std::string letters);
    void make_room();
    [[nodiscard]] std::size_t slot_of(const message& wanted) const;

    std::vector<message> messages_;
    /// Open addressing, at most two thirds full; `none` is free.
    std::vector<std::uint32_t> slots_;
    std::vector<std::string> texts_;
    std::unordered_map<std::string, std::int64_t> places_;
};

/// Distinct names to 0, 1, 2, …; an integer costs no memory for its letters.
class name_table {
  public:
    [[nodiscard]] std::uint32_t number_of(history::datum_view what) {
        return names_.number_of(0, what);
    }
    [[nodiscard]] std::string text_of(std::uint32_t number) const { return names_.text_of(number); }
    [[nodiscard]] std::size_t size() const { return names_.size(); }

  private:
    message_table names_;
};

}  // namespace verdikt::checker::log
