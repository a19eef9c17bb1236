/// Distinct types for numbers that must not be mixed up: offsets, epochs, sequences, ports.
///
/// `named<Tag, Rep>` compares, formats and hashes as its representation and converts to nothing.
/// Arithmetic is limited to stepping along one space and to distances within it; a cast between two
/// spaces goes through `value()` in a named function that says why it is right.
#pragma once

#include <fmt/format.h>

#include <compare>
#include <cstddef>
#include <functional>

namespace verdikt::runtime {

template <typename Tag, typename Rep>
class named {
  public:
    using representation = Rep;

    constexpr named() = default;
    constexpr explicit named(Rep value) : value_(value) {}

    [[nodiscard]] constexpr Rep value() const { return value_; }
    [[nodiscard]] constexpr named next() const { return named(static_cast<Rep>(value_ + 1)); }
    [[nodiscard]] constexpr named previous() const { return named(static_cast<Rep>(value_ - 1)); }

    constexpr auto operator<=>(const named&) const = default;

    /// Requires: the sum is representable.
    friend constexpr named operator+(named from, Rep distance) {
        return named(static_cast<Rep>(from.value_ + distance));
    }
    friend constexpr named operator-(named from, Rep distance) {
        return named(static_cast<Rep>(from.value_ - distance));
    }
    friend constexpr Rep operator-(named to, named from) {
        return static_cast<Rep>(to.value_ - from.value_);
    }

  private:
    Rep value_{};
};

}  // namespace verdikt::runtime

template <typename Tag, typename Rep>
struct fmt::formatter<verdikt::runtime::named<Tag, Rep>> : fmt::formatter<Rep> {
    auto format(verdikt::runtime::named<Tag, Rep> number, fmt::format_context& context) const {
        return fmt::formatter<Rep>::format(number.value(), context);
    }
};

template <typename Tag, typename Rep>
struct std::hash<verdikt::runtime::named<Tag, Rep>> {
    std::size_t operator()(verdikt::runtime::named<Tag, Rep> number) const noexcept {
        return std::hash<Rep>()(number.value());
    }
};
