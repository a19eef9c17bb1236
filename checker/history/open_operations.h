/// Who has begun what: pairs the end of each operation with its beginning, in one pass.
///
/// Keeps only what is open.
#pragma once

#include "checker/history/operation.h"

#include <cstdint>
#include <expected>
#include <limits>
#include <string>
#include <unordered_map>
#include <vector>

namespace verdikt::checker::history {

/// Of an operation that never ended: later than everything.
inline constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

/// An operation that has begun.
struct begun_operation {
    /// The position of its first line in the history, from 0, whatever its index is.
    std::int64_t line = 0;
    operation what;
};

class open_operations {
  public:
    /// Keeps an invocation. Of any other line it gives the invocation that it ends, which stays
    /// valid until the next call; null for invocations and for what the nemesis did. The error says
    /// what is wrong with the history.
    [[nodiscard]] std::expected<const begun_operation*, std::string> take(const operation& line);

    /// The line that was taken last.
    [[nodiscard]] std::int64_t line() const { return lines_ - 1; }
    /// Those that have not ended, in the order in which they began.
    [[nodiscard]] std::vector<const begun_operation*> rest() const;

  private:
    struct seat {
        bool open = false;
        begun_operation begun;
    };

    std::unordered_map<std::int64_t, seat> by_process_;
    std::int64_t lines_ = 0;
};

}  // namespace verdikt::checker::history
