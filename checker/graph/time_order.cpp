#include "checker/graph/time_order.h"

#include <algorithm>

namespace verdikt::checker::graph {

namespace {

/// Which operation begins or ends on each line.
std::vector<std::uint32_t> operation_of_each_line(std::span<const interval> operations) {
    std::uint32_t lines = 0;
    for (const interval& one : operations) {
        lines = std::max(lines, one.begun + 1);
        if (one.ended != never) lines = std::max(lines, one.ended + 1);
    }
    std::vector<std::uint32_t> made(lines, never);
    for (std::uint32_t node = 0; node < operations.size(); ++node) {
        made[operations[node].begun] = node;
        if (operations[node].ended != never) made[operations[node].ended] = node;
    }
    return made;
}

}  // namespace

time_order::time_order(std::span<const interval> operations) : around_(operations.size()) {
    const std::vector<std::uint32_t> of_line = operation_of_each_line(operations);
    // Ends that no beginning parts share a moment.
    bool open = false;
    for (std::uint32_t line = 0; line < of_line.size(); ++line) {
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
