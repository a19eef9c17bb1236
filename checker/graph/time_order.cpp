#include "checker/graph/time_order.h"

#include <algorithm>

namespace verdikt::checker::graph {

time_order::time_order(std::span<const interval> operations) : around_(operations.size()) {
    std::uint32_t lines = 0;
    for (const interval& one : operations) {
        lines = std::max(lines, one.begun + 1);
        if (one.ended != never) lines = std::max(lines, one.ended + 1);
    }
    // Which operation begins or ends on each line.
    std::vector<std::uint32_t> of_line(lines, never);
    for (std::uint32_t node = 0; node < operations.size(); ++node) {
        of_line[operations[node].begun] = node;
        if (operations[node].ended != never) of_line[operations[node].ended] = node;
    }
    // Ends that no beginning parts share a moment.
    bool open = false;
    for (std::uint32_t line = 0; line < lines; ++line) {
        const std::uint32_t node = of_line[line];
        if (node == never) continue;
        if (operations[node].begun == line) {
            if (moments_ > 0) around_[node].before = moments_ - 1;
            open = false;
        } else {
            if (!open) ++moments_;
            open = true;
            around_[node].after = moments_ - 1;
        }
    }
}

}  // namespace verdikt::checker::graph
