/// What lists consist of: elements that nobody appended (phantom), that a failed transaction did
/// (G1a), or that stand there twice (duplicate-elements).
///
/// A list has a flaw if one of its elements has, or the list without its last element. So each
/// list is looked at once, however often it was read.
#include "checker/list_append/evidence.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::checker::list_append {

namespace {

/// Of each list the shortest one in it that shows the flaw; `none` where there is none.
using flaws = std::vector<std::uint32_t>;

class element_check {
  public:
    element_check(const evidence& seen, findings& into) : seen_(seen), into_(into) {}

    void run() {
        report_phantoms();
        report_aborted_reads();
        report_duplicates();
    }

  private:
    template <typename HasFlaw>
    [[nodiscard]] flaws find(const HasFlaw& has_flaw) const {
        const auto& lists = seen_.history.lists.versions();
        flaws found;
        for (std::uint32_t at = 0; at < lists.size(); ++at) {
            const bool here = has_flaw(at);
            if (found.empty() && !here) continue;
            found.resize(lists.size(), none);
            // A parent comes before its children.
            const std::uint32_t parent = lists[at].parent;
            if (parent != none) found[at] = found[parent];
            if (found[at] == none && here) found[at] = at;
        }
        return found;
    }

    /// Each element once, by the first operation that read it.
    void report_phantoms() {
        std::vector<bool> told(seen_.history.operations.values().size());
        for (const version& one : seen_.history.lists.versions()) {
            if (!seen_.writers.nobody(one.value) || told[one.value]) continue;
            told[one.value] = true;
            into_.add("phantom", true, [&] {
                return anomaly{.operations = seen_.words.operations({one.row}),
                               .what = fmt::format("{} read {}, which nobody appended",
                                                   seen_.words.operation(one.row),
                                                   seen_.words.value(one.value))};
            });
        }
    }

    template <typename Report>
    void for_each_flawed_read(const flaws& found, bool only_ok, const Report& report) const {
        if (found.empty()) return;
        for (std::uint32_t at = 0; at < seen_.rows().size(); ++at) {
            const row& here = seen_.rows()[at];
            if (only_ok && !here.ok()) continue;
            for (const step& one : seen_.steps_of(here)) {
                if (one.what() != act::read || found[one.subject] == none) continue;
                report(at, seen_.list(found[one.subject]).value);
            }
        }
    }

    void report_aborted_reads() {
        const flaws aborted = find([this](std::uint32_t at) {
            const std::uint32_t writer = seen_.writers.of(seen_.list(at).value);
            return writer != none && !seen_.rows()[writer].possible();
        });
        for_each_flawed_read(aborted, true, [this](std::uint32_t reader, std::uint32_t value) {
            into_.add("G1a", seen_.asked.forbids("G1a"), [&] {
                const std::uint32_t writer = seen_.writers.of(value);
                return anomaly{.operations = seen_.words.operations({reader, writer}),
                               .what = fmt::format("{} read {}, which {} appended and failed",
                                                   seen_.words.operation(reader),
                                                   seen_.words.value(value),
                                                   seen_.words.operation(writer))};
            });
        });
    }

    void report_duplicates() {
        const auto& repeats = seen_.history.lists.repeats();
        if (repeats.empty()) return;
        const flaws twice = find([&](std::uint32_t at) {
            // Where it was appended twice, it may well stand there twice.
            const std::uint32_t value = seen_.list(at).value;
            return std::ranges::binary_search(repeats, at) &&
                   (seen_.writers.of(value) != none || seen_.writers.nobody(value));
        });
        for_each_flawed_read(twice, false, [this](std::uint32_t reader, std::uint32_t value) {
            into_.add("duplicate-elements", seen_.asked.forbids("duplicate-elements"), [&] {
                const std::uint32_t writer = seen_.writers.of(value);
                return anomaly{.operations = seen_.words.operations({reader, writer}),
                               .what = fmt::format("{} read {} twice in one list",
                                                   seen_.words.operation(reader),
                                                   seen_.words.value(value))};
            });
        });
    }

    const evidence& seen_;
    findings& into_;
};

}  // namespace

void check_elements(const evidence& seen, findings& into) {
    element_check(seen, into).run();
}

}  // namespace verdikt::checker::list_append
