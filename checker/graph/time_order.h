/// The order of real time as arcs, in numbers that grow with the history and not with its square.
///
/// "Ended before the other began" holds between nearly all pairs of operations. Instead of all of
/// them, each moment at which operations ended becomes a node of its own: an operation leads to the
/// moment of its end, a moment to the next one, and the last moment before an operation begins
/// leads to that operation.
#pragma once

#include "checker/graph/digraph.h"

#include <cstdint>
#include <span>
#include <vector>

namespace verdikt::checker::graph {

inline constexpr std::uint32_t never = 0xFFFFFFFF;

struct interval {
    /// The line of the history on which it began.
    std::uint32_t begun;
    /// And ended; `never` for one whose end nobody knows, which precedes nothing.
    std::uint32_t ended;
};

class time_order {
  public:
    /// Operation number i has interval i. Requires: no two begin or end on one line.
    explicit time_order(std::span<const interval> operations);

    /// Nodes besides the operations, which stand behind them.
    [[nodiscard]] std::uint32_t moments() const { return moments_; }

    template <typename Take>
    void for_each_edge(const Take& take) const {
        const auto first = static_cast<std::uint32_t>(around_.size());
        for (std::uint32_t node = 0; node < first; ++node) {
            const auto [before, after] = around_[node];
            if (before != never) take(edge{first + before, node, realtime});
            if (after != never) take(edge{node, first + after, realtime});
        }
        for (std::uint32_t next = 1; next < moments_; ++next) {
            take(edge{first + next - 1, first + next, realtime});
        }
    }

  private:
    /// The last moment before an operation began, and that of its end; `never` where there is none.
    struct neighbours {
        std::uint32_t before = never;
        std::uint32_t after = never;
    };
    std::vector<neighbours> around_;
    std::uint32_t moments_ = 0;
};

}  // namespace verdikt::checker::graph
