/// What one successful transaction read and cannot have: a value that nobody wrote (phantom), that
/// a failed transaction wrote (G1a), that its writer overwrote itself (G1b), that it wrote itself
/// only later (future-read), or another one than it had last read or written there (internal).
#include "checker/rw_register/evidence.h"

#include <fmt/format.h>

namespace verdikt::checker::rw_register {

namespace {

class read_check {
  public:
    read_check(const evidence& seen, findings& into)
        : seen_(seen), into_(into), last_(seen.history.keys().size()), phantoms_(seen.values()) {}

    void run() {
        for (std::uint32_t at = 0; at < seen_.rows().size(); ++at) {
            if (seen_.rows()[at].ok()) check_row(at);
        }
    }

  private:
    void check_row(std::uint32_t at) {
        last_.next_row();
        bool contradicted = false;
        for (const step& one : seen_.history.steps_of(seen_.rows()[at])) {
            const std::uint32_t key = seen_.key_of(one);
            const version here = seen_.version_of(one);
            const version* const before = last_.find(key);
            if (one.what() != act::write && before != nullptr && *before != here && !contradicted) {
                contradicted = true;
                report_internal(at, *before, here);
            }
            if (one.what() == act::read) check_value(at, here, before);
            last_.set(key, here);
        }
    }

    void check_value(std::uint32_t reader, version value, const version* before) {
        if (seen_.writers.nobody(value)) return report_phantom(reader, value);
        const std::uint32_t writer = seen_.writers.of(value);
        if (writer == none) return;
        if (writer == reader) {
            if (before == nullptr) report_future(reader, value);
            return;
        }
        if (!seen_.rows()[writer].possible()) report_with(reader, writer, value, aborted);
        if (seen_.writers.intermediate(value)) report_with(reader, writer, value, intermediate);
    }

    /// Each value once.
    void report_phantom(std::uint32_t reader, version value) {
        if (phantoms_[value]) return;
        phantoms_[value] = true;
        into_.add("phantom", true, [&] {
            return anomaly{.operations = seen_.words.operations({reader}),
                           .what = fmt::format("{} read {}, which nobody wrote",
                                               seen_.words.operation(reader),
                                               seen_.words.value(value))};
        });
    }

    struct wrong_writer {
        std::string_view name;
        std::string_view did;
    };
    static constexpr wrong_writer aborted{"G1a", "wrote and failed"};
    static constexpr wrong_writer intermediate{"G1b", "wrote and overwrote itself"};

    void report_with(std::uint32_t reader,
                     std::uint32_t writer,
                     version value,
                     const wrong_writer& how) {
        into_.add(how.name, seen_.asked.model.forbids(how.name), [&] {
            return anomaly{.operations = seen_.words.operations({reader, writer}),
                           .what = fmt::format("{} read {}, which {} {}",
                                               seen_.words.operation(reader),
                                               seen_.words.value(value),
                                               seen_.words.operation(writer),
                                               how.did)};
        });
    }

    void report_future(std::uint32_t reader, version value) {
        into_.add("future-read", seen_.asked.model.forbids("future-read"), [&] {
            return anomaly{.operations = seen_.words.operations({reader}),
                           .what = fmt::format("{} read {} before it wrote it",
                                               seen_.words.operation(reader),
                                               seen_.words.value(value))};
        });
    }

    void report_internal(std::uint32_t reader, version before, version read) {
        into_.add("internal", seen_.asked.model.forbids("internal"), [&] {
            return anomaly{.operations = seen_.words.operations({reader}),
                           .what = fmt::format("{} read {} where it had last read or written {}",
                                               seen_.words.operation(reader),
                                               seen_.text_of(read),
                                               seen_.text_of(before))};
        });
    }

    const evidence& seen_;
    findings& into_;
    /// The version of a key that the row last read or wrote.
    transactions::per_key<version> last_;
    std::vector<bool> phantoms_;
};

}  // namespace

void check_reads(const evidence& seen, findings& into) {
    read_check(seen, into).run();
}

}  // namespace verdikt::checker::rw_register
