/// What the processes of a generated history do, one kind of history each: every promise is kept.
///
/// What an operation does, it does when it begins; it is known when it ends. So the order in which
/// operations are drawn explains all that they say.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace verdikt::bench {

enum class history_of : std::uint8_t {
    lists,
    registers,
    messages,
    exactly_once,
    groups,
    compaction,
    admin,
};

/// Both lines of an operation, as JSON.
struct told_operation {
    std::int64_t process = 0;
    std::string_view f;
    std::string meant;  ///< The value when it begins, and when it ends.
    std::string done;
    /// Further fields of the first line, and of the last; each begins with a comma.
    std::string more_meant = {};
    std::string more_done = {};
};

/// The same numbers each time.
class dice {
  public:
    std::uint64_t pick(std::uint64_t below) {
        // Marsaglia, 2003.
        random_ ^= random_ << 13;
        random_ ^= random_ >> 7;
        random_ ^= random_ << 17;
        return random_ % below;
    }

  private:
    std::uint64_t random_ = 88172645463325252ULL;
};

class history_maker {
  public:
    /// Operations of so many processes are under way at a time: who begins one has a *seat*.
    static constexpr std::size_t seats = 20;
    /// Between two lines.
    static constexpr std::int64_t line_ns = 1'000'000;

    virtual ~history_maker() = default;
    /// What is done before all else, and what is done when all have ended, one after the other;
    /// nothing once that is all.
    virtual std::optional<told_operation> draw_first() { return std::nullopt; }
    virtual std::optional<told_operation> draw_last() { return std::nullopt; }
    /// What is done on that seat next, where nothing is under way. `now` is the time of its first
    /// line.
    virtual told_operation draw(std::size_t seat, std::int64_t now) = 0;
};

[[nodiscard]] std::unique_ptr<history_maker> make_lists();
[[nodiscard]] std::unique_ptr<history_maker> make_registers();
[[nodiscard]] std::unique_ptr<history_maker> make_messages();
[[nodiscard]] std::unique_ptr<history_maker> make_exactly_once();
[[nodiscard]] std::unique_ptr<history_maker> make_groups();
[[nodiscard]] std::unique_ptr<history_maker> make_compaction();
[[nodiscard]] std::unique_ptr<history_maker> make_admin();
[[nodiscard]] std::unique_ptr<history_maker> make_history(history_of what);

}  // namespace verdikt::bench
