/// A piece of data as histories hold it: nil, numbers, names, vectors and maps, nested.
///
/// A `datum` is flat: its nodes in preorder in one vector, its text in one string. So an operation
/// that is read again and again into the same object allocates nothing, and a checker walks memory
/// in order. It is built from front to back; `datum_view` looks at it or at a part of it.
///
/// A keyword is a name (`:send` in EDN), a text is free text; see writer.h for how JSON tells them
/// apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::checker::history {

enum class kind : std::uint8_t { nil, boolean, integer, real, text, keyword, vector, map };

struct node {
    kind what = kind::nil;
    /// Of a vector its elements, of a map its keys and values together, of a name its bytes.
    std::uint32_t size = 0;
    /// The integer, the bits of the number, 0 or 1, the beginning of the name's text, or how many
    /// nodes the container has, itself included.
    std::int64_t bits = 0;
};

/// Looks at a datum that somebody else owns, until that changes or dies.
class datum_view {
  public:
    datum_view(const node* at, const char* text) : at_(at), text_(text) {}

    [[nodiscard]] kind what() const { return at_->what; }
    [[nodiscard]] bool is_nil() const { return at_->what == kind::nil; }
    [[nodiscard]] bool is_vector() const { return at_->what == kind::vector; }
    [[nodiscard]] bool is_map() const { return at_->what == kind::map; }
    [[nodiscard]] bool is_integer() const { return at_->what == kind::integer; }
    [[nodiscard]] bool is_name() const {
        return at_->what == kind::text || at_->what == kind::keyword;
    }
    /// Requires: it is a boolean.
    [[nodiscard]] bool boolean() const { return at_->bits != 0; }
    /// Requires: it is an integer.
    [[nodiscard]] std::int64_t integer() const { return at_->bits; }
    /// Requires: it is a real.
    [[nodiscard]] double real() const;
    /// The letters of a text or keyword; empty of anything else.
    [[nodiscard]] std::string_view name() const {
        return is_name() ? std::string_view(text_ + at_->bits, at_->size) : std::string_view();
    }
    /// Elements of a vector, keys and values of a map; 0 of anything else.
    [[nodiscard]] std::size_t size() const { return is_vector() || is_map() ? at_->size : 0; }

    /// Over the elements of a vector, or over key, value, key, value of a map.
    class iterator {
      public:
        using value_type = datum_view;
        using difference_type = std::ptrdiff_t;

        iterator() = default;
        iterator(const node* at, const char* text) : at_(at), text_(text) {}
        datum_view operator*() const { return {at_, text_}; }
        iterator& operator++();
        iterator operator++(int);
        bool operator==(const iterator& other) const { return at_ == other.at_; }

      private:
        const node* at_ = nullptr;
        const char* text_ = nullptr;
    };

    [[nodiscard]] iterator begin() const;
    [[nodiscard]] iterator end() const;
    /// Requires: `position` < size(). Takes time in proportion to it.
    [[nodiscard]] datum_view operator[](std::size_t position) const;
    /// What a map holds under that keyword or text.
    [[nodiscard]] std::optional<datum_view> find(std::string_view name) const;

    /// The same data; a text and a keyword of the same letters differ.
    friend bool operator==(const datum_view& left, const datum_view& right);

  private:
    friend class datum;
    [[nodiscard]] const node* past() const;

    const node* at_;
    const char* text_;
};

class datum {
  public:
    /// Nothing was added yet. It looks like nil.
    [[nodiscard]] bool empty() const { return nodes_.empty(); }
    [[nodiscard]] datum_view view() const;
    /// Keeps the memory.
    void clear();

    // Each adds one datum at the end of the innermost open container, or the only one where none is
    // open. In a map, keys and values take turns.
    void add_nil() { add({kind::nil}); }
    void add_boolean(bool what) { add({kind::boolean, 0, what ? 1 : 0}); }
    void add_integer(std::int64_t what) { add({kind::integer, 0, what}); }
    void add_real(double what);
    void add_text(std::string_view what) { add_name(kind::text, what); }
    void add_keyword(std::string_view what) { add_name(kind::keyword, what); }
    /// Requires: it is not a part of this datum.
    void add(datum_view what);
    void open_vector() { open(kind::vector); }
    void open_map() { open(kind::map); }
    /// Requires: a container is open; if it is a map, its last key has a value.
    void close();
    [[nodiscard]] std::size_t open_containers() const { return open_.size(); }
    /// What the innermost open container holds so far. Requires: one is open.
    [[nodiscard]] std::size_t open_size() const { return nodes_[open_.back()].size; }

    friend bool operator==(const datum& left, const datum& right) {
        return left.view() == right.view();
    }

  private:
    void add(node what);
    void add_name(kind what, std::string_view letters);
    void open(kind what);

    std::vector<node> nodes_;
    std::string text_;
    std::vector<std::uint32_t> open_;
};

}  // namespace verdikt::checker::history
