/// The order of each key's versions, as far as assumptions tell it: see rw_register_checker.h.
///
/// Each assumption gives pairs of versions. They are made one after another; one that closes a
/// circle with those before, for any key, is a cyclic-versions and is left out for all keys.
/// "Directly after" in real time means: no operation on that key lies wholly between the two, so
/// the pairs are few, and the others follow from them.
#include "checker/graph/digraph.h"
#include "checker/rw_register/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <compare>
#include <tuple>
#include <utility>

namespace verdikt::checker::rw_register {

namespace {

using pairs = std::vector<version_pair>;

/// What an operation did to one key, for those who look at it from before and from after.
struct touch {
    std::uint32_t key;
    std::uint32_t row;
    version first;
    version last;
};

class version_orders {
  public:
    version_orders(const evidence& seen, findings& into) : seen_(seen), into_(into) {}

    pairs run() {
        const settings& asked = seen_.asked;
        if (seen_.history.offsets() > 0) assume(orders_of_offsets(), "offsets order versions");
        if (asked.writes_follow_reads) assume(writes_after_reads(), "writes follow reads");
        if (asked.sequential_keys) assume(orders_of_processes(), "keys are sequential");
        if (asked.linearizable_keys) assume(orders_of_time(), "keys are linearizable");
        std::ranges::sort(
            known_, {}, [](const version_pair& one) { return std::tie(one.before, one.after); });
        return std::move(known_);
    }

  private:
    void assume(const pairs& more, std::string_view what) {
        const auto circles = graph::components(join(more), any);
        if (circles.empty()) {
            known_.insert(known_.end(), more.begin(), more.end());
            return;
        }
        for (const auto& versions : circles) report(versions, what);
    }

    /// A transaction's writes of one key follow each other.
    template <typename Take>
    void for_each_rewrite(const Take& take) const {
        transactions::per_key<version> last(seen_.history.keys().size());
        for (const row& here : seen_.rows()) {
            last.next_row();
            for (const step& one : seen_.history.steps_of(here)) {
                if (one.what() != act::write) continue;
                const std::uint32_t key = seen_.key_of(one);
                if (const version* before = last.find(key)) take(*before, one.subject);
                last.set(key, one.subject);
            }
        }
    }

    /// All that is known, with that every key begins unwritten, and `more`.
    [[nodiscard]] graph::digraph join(const pairs& more) const {
        const auto keys = static_cast<std::uint32_t>(seen_.history.keys().size());
        return graph::digraph::of(seen_.values() + keys, [&](const auto& take) {
            for (version one = 0; one < seen_.values(); ++one) {
                take(graph::edge{seen_.unwritten(seen_.key_of_version(one)), one, any});
            }
            for_each_rewrite(
                [&take](version before, version after) { take(graph::edge{before, after, any}); });
            for (const version_pair& one : known_) take(graph::edge{one.before, one.after, any});
            for (const version_pair& one : more) take(graph::edge{one.before, one.after, any});
        });
    }

    void report(const std::vector<std::uint32_t>& versions, std::string_view what) {
        into_.add("cyclic-versions", seen_.asked.model.forbids("cyclic-versions"), [&] {
            std::vector<std::uint32_t> rows;
            std::string text;
            for (const version one : versions) {
                if (one < seen_.values()) rows.push_back(seen_.writers.of(one));
                text += (text.empty() ? "" : ", ") + seen_.text_of(one);
            }
            return anomaly{.how = certainty::inferred,
                           .operations = seen_.words.operations(std::move(rows)),
                           .what = fmt::format(
                               "if {}, each of these comes before the others: {}", what, text)};
        });
    }

    /// `take` gets what each successful operation, and each write of an unknown one, did to a key.
    template <typename Take>
    void for_each_touch(const Take& take) const {
        access_reader accesses(seen_);
        for (std::uint32_t at = 0; at < seen_.rows().size(); ++at) {
            const row& here = seen_.rows()[at];
            if (!here.possible()) continue;
            for (const access& one : accesses.of(here)) {
                if (one.read != none || one.written != none) take(touch_of(one, at));
            }
        }
    }

    [[nodiscard]] touch touch_of(const access& one, std::uint32_t row) const {
        // Who found a key unwritten and wrote it shows his own version from both sides.
        const bool shows_read =
            one.read != none && (one.read < seen_.values() || one.written == none);
        return {.key = one.key,
                .row = row,
                .first = shows_read ? one.read : one.written,
                .last = one.written != none ? one.written : one.read};
    }

    /// Where the history says that a version lies.
    struct place {
        std::uint32_t key;
        std::int64_t offset;
        version what;

        friend auto operator<=>(const place&, const place&) = default;
    };

    [[nodiscard]] std::vector<place> all_places() const {
        std::vector<place> all;
        for (const row& here : seen_.rows()) {
            const auto steps = seen_.history.steps_of(here);
            for (std::uint32_t at = 0; at < steps.size(); ++at) {
                const std::int64_t offset = seen_.history.offset_of(here, at);
                if (offset < 0 || steps[at].what() == act::read_nothing) continue;
                all.push_back({seen_.key_of(steps[at]), offset, seen_.version_of(steps[at])});
            }
        }
        std::ranges::sort(all);
        all.erase(std::ranges::unique(all).begin(), all.end());
        return all;
    }

    /// Two versions at one offset contradict each other, and so does one at two with another
    /// between them.
    [[nodiscard]] pairs orders_of_offsets() const {
        const std::vector<place> all = all_places();
        pairs found;
        for (std::size_t at = 1; at < all.size(); ++at) {
            const place& before = all[at - 1];
            const place& after = all[at];
            if (before.key != after.key || before.what == after.what) continue;
            found.push_back({before.what, after.what});
            if (before.offset == after.offset) found.push_back({after.what, before.what});
        }
        return found;
    }

    [[nodiscard]] pairs writes_after_reads() const {
        pairs found;
        access_reader accesses(seen_);
        for (const row& here : seen_.rows()) {
            if (!here.ok()) continue;
            for (const access& one : accesses.of(here)) {
                const bool both = one.read != none && one.written != none;
                if (both && one.read < seen_.values()) found.push_back({one.read, one.written});
            }
        }
        return found;
    }

    [[nodiscard]] std::vector<touch> all_touches(bool only_ok) const {
        std::vector<touch> all;
        for_each_touch([&](const touch& one) {
            if (!only_ok || seen_.rows()[one.row].ok()) all.push_back(one);
        });
        return all;
    }

    [[nodiscard]] pairs orders_of_processes() const {
        std::vector<touch> all = all_touches(true);
        // Rows of one process stand in its order already.
        std::ranges::sort(all, {}, [this](const touch& one) {
            return std::tuple(one.key, seen_.rows()[one.row].process, one.row);
        });
        pairs found;
        for (std::size_t at = 1; at < all.size(); ++at) {
            const touch& before = all[at - 1];
            const bool same = before.key == all[at].key &&
                              seen_.rows()[before.row].process == seen_.rows()[all[at].row].process;
            if (same && before.last != all[at].first) {
                found.push_back({before.last, all[at].first});
            }
        }
        return found;
    }

    [[nodiscard]] pairs orders_of_time() const {
        std::vector<touch> all = all_touches(false);
        std::ranges::sort(all, {}, [](const touch& one) { return std::tie(one.key, one.row); });
        pairs found;
        for (auto at = all.begin(); at != all.end();) {
            const auto end =
                std::find_if(at, all.end(), [at](const touch& one) { return one.key != at->key; });
            order_by_time({at, end}, found);
            at = end;
        }
        return found;
    }

    struct moment {
        std::uint32_t line;
        const touch* what;
        bool ends;
    };

    void order_by_time(std::span<const touch> of_key, pairs& found) const {
        std::vector<moment> moments;
        for (const touch& one : of_key) {
            const row& here = seen_.rows()[one.row];
            moments.push_back({here.begun, &one, false});
            if (here.ok()) moments.push_back({here.ended, &one, true});
        }
        std::ranges::sort(moments, {}, &moment::line);
        // Those that ended, and after which nobody both began and ended.
        std::vector<const touch*> latest;
        for (const moment& now : moments) {
            if (now.ends) {
                const std::uint32_t begun = seen_.rows()[now.what->row].begun;
                std::erase_if(
                    latest, [&](const touch* one) { return seen_.rows()[one->row].ended < begun; });
                latest.push_back(now.what);
                continue;
            }
            for (const touch* one : latest) {
                if (one->last != now.what->first) found.push_back({one->last, now.what->first});
            }
        }
    }

    static constexpr graph::reasons any = 1;

    const evidence& seen_;
    findings& into_;
    pairs known_;
};

}  // namespace

std::vector<version_pair> order_versions(const evidence& seen, findings& into) {
    return version_orders(seen, into).run();
}

}  // namespace verdikt::checker::rw_register
