/// EDN, as Clojure prints it, turned into data.
///
/// Lists and sets become vectors; symbols, characters, regular expressions and `#inst` texts become
/// texts; tags and metadata are left out; `#_` swallows what follows it; infinities and NaN become
/// nil.
#pragma once

#include "checker/history/datum.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace verdikt::checker::history {

class edn_parser {
  public:
    enum class outcome {
        parsed,
        /// Nothing but blanks, comments and what `#_` swallows.
        nothing,
        /// The text ends within a form; more text may complete it, if there is any.
        incomplete,
        malformed,
    };

    /// `whole`: no more text follows, so a number or name at its end is complete.
    edn_parser(std::string_view text, bool whole) : text_(text), whole_(whole) {}

    /// Adds the next form to `into`; after any other outcome `into` holds parts of it.
    [[nodiscard]] outcome parse(datum& into);
    /// Skips blanks, comments and swallowed forms; the outcome is `parsed` where something follows.
    [[nodiscard]] outcome skip_blanks();
    /// How much of the text was used.
    [[nodiscard]] std::size_t position() const { return position_; }
    /// What is malformed.
    [[nodiscard]] const std::string& problem() const { return problem_; }

  private:
    using method = outcome (edn_parser::*)(datum&);

    outcome parse_form(datum& into);
    outcome parse_nested(datum& into, method parse);
    outcome parse_vector(datum& into);
    outcome parse_map(datum& into);
    outcome parse_elements(datum& into, char closing);
    outcome parse_string(datum& into);
    outcome parse_escape(std::string& letters);
    outcome parse_unicode_escape(std::string& letters);
    outcome parse_character(datum& into);
    outcome parse_dispatch(datum& into);
    outcome parse_tagged(datum& into);
    outcome parse_number(datum& into, std::string_view token);
    outcome parse_name(datum& into, std::string_view token);
    outcome parse_atom(datum& into);
    outcome take_token(std::string_view& token);
    outcome swallow();
    outcome fail(std::string_view what);

    std::string_view text_;
    bool whole_;
    std::size_t position_ = 0;
    int depth_ = 0;
    std::string problem_;
};

}  // namespace verdikt::checker::history
