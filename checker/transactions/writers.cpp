#include "checker/transactions/writers.h"

namespace verdikt::checker::transactions {

writers::writers(const recording& history)
    : writer_(history.values().size(), none),
      twice_(history.values().size()),
      intermediate_(history.values().size()) {
    per_key<std::uint32_t> last(history.keys().size());
    for (std::uint32_t row = 0; row < history.rows().size(); ++row) {
        last.next_row();
        for (const step& one : history.steps_of(history.rows()[row])) {
            if (one.what() != act::write) continue;
            const std::uint32_t key = history.values().partition_of(one.subject);
            if (const std::uint32_t* before = last.find(key)) intermediate_[*before] = true;
            last.set(key, one.subject);
            add(one.subject, row);
        }
    }
    // While rows were added, the first writer stood for all.
    for (std::uint32_t value = 0; value < writer_.size(); ++value) {
        if (!twice_[value]) continue;
        ++ambiguous_;
        writer_[value] = none;
        intermediate_[value] = false;
    }
}

void writers::add(std::uint32_t value, std::uint32_t row) {
    if (writer_[value] != none) twice_[value] = true;
    writer_[value] = row;
}

}  // namespace verdikt::checker::transactions
