/// Writes HTML and the SVG in it, well-formed by construction.
///
/// Every element closes when its object dies, every text and attribute is escaped, and whatever
/// could deceive a reader (control characters, marks that turn the direction of writing, bytes that
/// are no UTF-8) is shown as what it is. Nothing that came from a history or a log reaches the page
/// by another way.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace verdikt::checker::report {

/// As it may stand in text and in attributes.
[[nodiscard]] std::string escaped(std::string_view text);

/// At most about so many bytes of it, and how many there were.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t bytes_max);

struct attribute {
    std::string_view name;
    std::string value;
};
using attributes = std::initializer_list<attribute>;

class markup {
  public:
    /// Open until it dies. Requires: those opened later are dead by then.
    class element {
      public:
        element(markup& page, std::string_view tag) : page_(page), tag_(tag) {}
        element(const element&) = delete;
        element& operator=(const element&) = delete;
        ~element();

      private:
        markup& page_;
        std::string_view tag_;
    };

    /// `tag` and the attributes' names are literals.
    [[nodiscard]] element open(std::string_view tag, attributes with = {});
    /// With that text and nothing else in it.
    void leaf(std::string_view tag, std::string_view text, attributes with = {});
    /// `<rect …/>`
    void empty(std::string_view tag, attributes with = {});
    void text(std::string_view what) { out_ += escaped(what); }
    /// What is markup already. Requires: it is a literal of ours, or another markup's.
    void trusted(std::string_view what) { out_ += what; }

    [[nodiscard]] const std::string& written() const { return out_; }
    [[nodiscard]] std::string take() { return std::move(out_); }

  private:
    void begin(std::string_view tag, attributes with);

    std::string out_;
};

}  // namespace verdikt::checker::report
