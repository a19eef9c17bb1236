/// What lists say together about the order of a key's elements: that there is none, because two of
/// them part (incompatible-order), or that it leads over what was taken back (dirty-update).
///
/// A dirty update is a successful append with a failed one before it in the key's order, and
/// between the two at most appends of which nobody knows whether they happened.
#include "checker/list_append/evidence.h"

#include <fmt/format.h>

namespace verdikt::checker::list_append {

namespace {

class order_check {
  public:
    order_check(const evidence& seen, findings& into)
        : seen_(seen), into_(into), placed_(seen.history.operations.values().size()) {}

    void run() {
        for (const version_tree::fork& one : seen_.history.lists.forks()) report_fork(one);
        for (std::uint32_t key = 0; key < seen_.history.operations.keys().size(); ++key) {
            check_updates_of(key);
        }
    }

  private:
    void report_fork(const version_tree::fork& one) {
        into_.add("incompatible-order", seen_.asked.forbids("incompatible-order"), [&] {
            const version& apart = seen_.list(one.version);
            const std::uint32_t other = apart.parent == none
                                            ? seen_.history.lists.first_root(one.key)
                                            : seen_.list(apart.parent).first_child;
            return anomaly{
                .operations = seen_.words.operations({apart.row, seen_.list(other).row}),
                .what = fmt::format("{} read {} where {} read {}, after the same elements",
                                    seen_.words.operation(apart.row),
                                    seen_.words.value(apart.value),
                                    seen_.words.operation(seen_.list(other).row),
                                    seen_.words.value(seen_.list(other).value))};
        });
    }

    void check_updates_of(std::uint32_t key) {
        order_.clear();
        seen_.history.lists.append_values(seen_.history.lists.longest(key), order_);
        std::uint32_t failed = none;
        for (const std::uint32_t value : order_) {
            const std::uint32_t writer = seen_.writers.of(value);
            // An element that stands there twice counts where it stands first.
            if (writer == none || placed_[value]) continue;
            placed_[value] = true;
            const row& who = seen_.rows()[writer];
            if (!who.possible()) failed = value;
            if (!who.ok()) continue;
            if (failed != none) report_dirty(failed, value);
            failed = none;
        }
    }

    void report_dirty(std::uint32_t failed, std::uint32_t value) {
        into_.add("dirty-update", seen_.asked.forbids("dirty-update"), [&] {
            const std::uint32_t first = seen_.writers.of(failed);
            const std::uint32_t second = seen_.writers.of(value);
            return anomaly{.operations = seen_.words.operations({first, second}),
                           .what = fmt::format("{} appended {} after {}, which {} appended and "
                                               "failed",
                                               seen_.words.operation(second),
                                               seen_.words.value(value),
                                               seen_.words.value(failed),
                                               seen_.words.operation(first))};
        });
    }

    const evidence& seen_;
    findings& into_;
    std::vector<std::uint32_t> order_;
    std::vector<bool> placed_;
};

}  // namespace

void check_orders(const evidence& seen, findings& into) {
    order_check(seen, into).run();
}

}  // namespace verdikt::checker::list_append
