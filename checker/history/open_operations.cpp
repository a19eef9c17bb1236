#include "checker/history/open_operations.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::checker::history {

std::expected<const begun_operation*, std::string> open_operations::take(const operation& line) {
    const std::int64_t number = lines_++;
    if (line.process == nemesis_process) return nullptr;
    seat& here = by_process_[line.process];
    if (line.type == op_type::invoke) {
        if (here.open) {
            return std::unexpected(
                fmt::format("process {} begins while its operation of index {} is open",
                            line.process,
                            here.begun.what.index));
        }
        here.open = true;
        here.begun.line = number;
        here.begun.what = line;
        return nullptr;
    }
    if (!here.open || here.begun.what.f != line.f) {
        return std::unexpected(
            fmt::format("process {} ends an operation that it did not begin", line.process));
    }
    here.open = false;
    return &here.begun;
}

std::vector<const begun_operation*> open_operations::rest() const {
    std::vector<const begun_operation*> open;
    for (const auto& [process, here] : by_process_) {
        if (here.open) open.push_back(&here.begun);
    }
    std::ranges::sort(open, {}, &begun_operation::line);
    return open;
}

}  // namespace verdikt::checker::history
