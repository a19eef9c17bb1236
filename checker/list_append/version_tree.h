/// Every list that was read, as a node of a tree: the list without its last element is its parent.
///
/// In a healthy history the lists of one key are prefixes of each other, so its tree is a single
/// branch, and a read of a thousand elements is compared with that branch and kept as one number.
/// A key's *order* is the way to its deepest node, the first one met where several are as deep.
///
/// Invariant: a node has a higher number than its parent.
#pragma once

#include "checker/transactions/recording.h"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace verdikt::checker::list_append {

using transactions::message_table;
using transactions::none;

struct version {
    /// `none` of a list of one element.
    std::uint32_t parent = none;
    /// The last element.
    std::uint32_t value = none;
    /// The list that goes on from it by one element, of several the first that was met.
    std::uint32_t first_child = none;
    /// Elements in all.
    std::uint32_t length = 0;
    /// The operation that read it, or a list that goes on from it, first.
    std::uint32_t row = none;
};

class version_tree : public transactions::read_values {
  public:
    [[nodiscard]] std::expected<std::optional<std::uint32_t>, std::string> number_of(
        message_table& values,
        std::uint32_t key,
        history::datum_view value,
        std::uint32_t row) override;

    [[nodiscard]] const std::vector<version>& versions() const { return versions_; }
    /// The longest list of that key; `none` where nobody read one.
    [[nodiscard]] std::uint32_t longest(std::uint32_t key) const {
        return key < keys_.size() ? keys_[key].longest : none;
    }
    /// The first list of one element of a key that was met.
    [[nodiscard]] std::uint32_t first_root(std::uint32_t key) const {
        return keys_[key].first_root;
    }
    /// The elements of a list, first to last; none of `none`.
    void append_values(std::uint32_t version, std::vector<std::uint32_t>& into) const;
    /// Whether the element stands in that list.
    [[nodiscard]] bool contains(std::uint32_t version, std::uint32_t value) const;
    /// Keys whose lists contradict each other, each with the first list that parted from the
    /// others.
    struct fork {
        std::uint32_t key;
        std::uint32_t version;
    };
    [[nodiscard]] const std::vector<fork>& forks() const { return forks_; }
    /// Lists whose last element stands in them before already, in ascending order.
    [[nodiscard]] const std::vector<std::uint32_t>& repeats() const { return repeats_; }

  private:
    /// The branch that was met first, so that nearly every read is compared without a search.
    struct branch {
        /// The elements that are integers, as the history has them; where one is not, `plain` is
        /// false and they mean nothing.
        std::vector<std::int64_t> integers;
        std::vector<std::uint32_t> versions;
        std::uint32_t longest = none;
        std::uint32_t first_root = none;
        bool plain = true;
        bool forked = false;
    };

    [[nodiscard]] std::uint32_t step_down(message_table& values,
                                          std::uint32_t key,
                                          std::uint32_t parent,
                                          history::datum_view element,
                                          std::uint32_t row);
    [[nodiscard]] std::uint32_t add(std::uint32_t key,
                                    std::uint32_t parent,
                                    std::uint32_t value,
                                    std::uint32_t row);
    void note_fork(std::uint32_t key, std::uint32_t fresh);
    void note_repeat(std::uint32_t fresh);

    [[nodiscard]] static std::uint64_t place(std::uint32_t parent, std::uint32_t value) {
        return std::uint64_t{parent} << 32 | value;
    }

    std::vector<version> versions_;
    /// Children that are not their parent's first, by it and their value: few, where all is well.
    std::unordered_map<std::uint64_t, std::uint32_t> more_children_;
    std::vector<branch> keys_;
    /// Of each value the first list that ends with it.
    std::vector<std::uint32_t> first_version_;
    std::vector<fork> forks_;
    std::vector<std::uint32_t> repeats_;
};

}  // namespace verdikt::checker::list_append
