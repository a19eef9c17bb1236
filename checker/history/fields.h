/// Which part of an operation a field's name means, for all readers alike.
#pragma once

#include "checker/history/operation.h"

#include <expected>
#include <string>
#include <string_view>

namespace verdikt::checker::history {

enum class field { index, time, process, type, f, value, error, other };

[[nodiscard]] field field_named(std::string_view name);

/// What of an operation was seen so far, and what is wrong with it.
class field_check {
  public:
    void saw(field which) { seen_ |= 1U << static_cast<unsigned>(which); }
    [[nodiscard]] bool has(field which) const {
        return (seen_ >> static_cast<unsigned>(which) & 1U) != 0;
    }
    /// Empty where nothing is missing.
    [[nodiscard]] std::string_view missing() const;

  private:
    unsigned seen_ = 0;
};

/// Puts a plain field where it belongs; an error says what it should be. Requires: `which` is
/// index, time, process, type or f.
[[nodiscard]] std::expected<void, std::string> set_field(operation& into,
                                                         field which,
                                                         datum_view what);

}  // namespace verdikt::checker::history
