#include "checker/compaction/highest_before.h"

#include <algorithm>
#include <utility>

namespace verdikt::checker::compaction {

void highest_before::sort() {
    std::ranges::sort(
        entries_, {}, [](const entry& one) { return std::pair(one.line, one.which); });
    for (std::size_t at = 1; at < entries_.size(); ++at) {
        const entry& before = entries_[at - 1];
        if (before.value < entries_[at].value) continue;
        entries_[at].value = before.value;
        entries_[at].which = before.which;
    }
    entries_.shrink_to_fit();
}

const highest_before::entry* highest_before::below(std::int64_t line) const {
    const auto behind = std::ranges::lower_bound(entries_, line, {}, &entry::line);
    return behind == entries_.begin() ? nullptr : &*std::prev(behind);
}

}  // namespace verdikt::checker::compaction
