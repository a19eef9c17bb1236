/// What one successful transaction saw that it cannot have: another one's unfinished work (G1b),
/// something else than its own reads and appends before (internal), its own appends before they
/// were made (future-read).
///
/// G1b goes by the last element of a list: it was appended by a transaction that appended more to
/// that key afterwards. A read is judged by the one before it in the same transaction and the
/// appends between the two; without one, its list must end with those appends.
#include "checker/list_append/evidence.h"

#include <fmt/format.h>

namespace verdikt::checker::list_append {

namespace {

class read_check {
  public:
    read_check(const evidence& seen, findings& into)
        : seen_(seen), into_(into), last_step_(seen.history.operations.keys().size()) {}

    void run() {
        for (std::uint32_t at = 0; at < seen_.rows().size(); ++at) {
            if (seen_.rows()[at].ok()) check_row(at);
        }
    }

  private:
    void check_row(std::uint32_t at) {
        const auto steps = seen_.steps_of(seen_.rows()[at]);
        find_steps_before(steps);
        bool contradicted = false;
        bool foreseen = false;
        for (std::uint32_t position = 0; position < steps.size(); ++position) {
            const step& one = steps[position];
            if (one.what() == act::write) {
                foreseen = foreseen || check_future(at, steps, position);
                continue;
            }
            if (one.what() == act::read) check_intermediate(at, one);
            if (!contradicted && contradicts_itself(steps, position)) {
                contradicted = true;
                report_internal(at, seen_.key_of(one));
            }
        }
    }

    /// `before_[i]` becomes the step before step i that has the same key.
    void find_steps_before(std::span<const step> steps) {
        last_step_.next_row();
        before_.assign(steps.size(), none);
        for (std::uint32_t position = 0; position < steps.size(); ++position) {
            const std::uint32_t key = seen_.key_of(steps[position]);
            if (const std::uint32_t* last = last_step_.find(key)) before_[position] = *last;
            last_step_.set(key, position);
        }
    }

    void check_intermediate(std::uint32_t reader, const step& one) {
        const std::uint32_t value = seen_.list(one.subject).value;
        const std::uint32_t writer = seen_.writers.of(value);
        if (writer == none || writer == reader || !seen_.writers.intermediate(value)) return;
        into_.add("G1b", seen_.asked.forbids("G1b"), [&] {
            return anomaly{
                .operations = seen_.words.operations({reader, writer}),
                .what = fmt::format("{} read a list that ends with {}, after which {} appended "
                                    "more to that key",
                                    seen_.words.operation(reader),
                                    seen_.words.value(value),
                                    seen_.words.operation(writer))};
        });
    }

    /// Walks back from a read: its last elements must be what was appended since the read before.
    [[nodiscard]] bool contradicts_itself(std::span<const step> steps,
                                          std::uint32_t position) const {
        std::uint32_t list = list_of(steps[position]);
        for (position = before_[position]; position != none; position = before_[position]) {
            const step& one = steps[position];
            if (one.what() != act::write) return list != list_of(one);
            if (list == none || seen_.list(list).value != one.subject) return true;
            list = seen_.list(list).parent;
        }
        return false;
    }

    [[nodiscard]] static std::uint32_t list_of(const step& read) {
        return read.what() == act::read ? std::uint32_t{read.subject} : none;
    }

    void report_internal(std::uint32_t reader, std::uint32_t key) {
        into_.add("internal", seen_.asked.forbids("internal"), [&] {
            return anomaly{.operations = seen_.words.operations({reader}),
                           .what = fmt::format("{} read of {} something else than it had read and "
                                               "appended itself before",
                                               seen_.words.operation(reader),
                                               seen_.words.key(key))};
        });
    }

    /// An append whose element a read before it in the transaction returned.
    [[nodiscard]] bool check_future(std::uint32_t at,
                                    std::span<const step> steps,
                                    std::uint32_t position) {
        const std::uint32_t value = steps[position].subject;
        for (std::uint32_t read = before_[position]; read != none; read = before_[read]) {
            if (steps[read].what() != act::read) continue;
            if (!seen_.history.lists.contains(steps[read].subject, value)) continue;
            into_.add("future-read", seen_.asked.forbids("future-read"), [&] {
                return anomaly{.operations = seen_.words.operations({at}),
                               .what = fmt::format("{} read {} before it appended it",
                                                   seen_.words.operation(at),
                                                   seen_.words.value(value))};
            });
            return true;
        }
        return false;
    }

    const evidence& seen_;
    findings& into_;
    transactions::per_key<std::uint32_t> last_step_;
    std::vector<std::uint32_t> before_;
};

}  // namespace

void check_reads(const evidence& seen, findings& into) {
    read_check(seen, into).run();
}

}  // namespace verdikt::checker::list_append
