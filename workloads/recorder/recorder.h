/// Writes a history down as it happens.
///
/// Each operation is a line when it begins and a line when it ends, and every line is given to the
/// sink whole before the operation goes on, so that whoever kills the harness loses nothing. An
/// operation that is dropped without an outcome (cancelled, or unwound by an exception) ends as
/// `info`: nobody knows. Nothing of an operation is kept once it has ended.
///
/// Lives on one executor. Requires: operations end before their recorder, and the sink outlives
/// both.
#pragma once

#include "checker/history/operation.h"
#include "runtime/clock.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace verdikt::workloads {

/// Where lines go. Each is whole, with its end of line.
class line_sink {
  public:
    virtual ~line_sink() = default;
    /// Nothing is reported here: a sink that fails says so to its owner.
    virtual void append(std::string_view line) = 0;
};

struct outcome_counts {
    std::uint64_t begun = 0;
    std::uint64_t ok = 0;
    std::uint64_t failed = 0;
    std::uint64_t unknown = 0;
};

class recorder;

/// An operation that has begun. Ends once, by `end` or, as `info`, with its own life.
class open_operation {
  public:
    open_operation(open_operation&& other) noexcept;
    open_operation& operator=(open_operation&&) = delete;
    ~open_operation();

    /// What the outcome will say; it begins as what the operation meant to do. Change it as the
    /// outcome becomes known: it counts also if the operation is dropped.
    checker::history::datum value;
    checker::history::datum error;
    checker::history::datum more;

    /// Requires: it has not ended. `type` is not `invoke`.
    void end(checker::history::op_type type);

  private:
    friend class recorder;
    open_operation(recorder& into, std::int64_t process, std::string f)
        : into_(&into), process_(process), f_(std::move(f)) {}

    recorder* into_;
    std::int64_t process_;
    std::string f_;
};

class recorder {
  public:
    using clock = std::function<runtime::instant()>;

    /// Times are counted from now on.
    recorder(line_sink& sink, clock now);
    recorder(const recorder&) = delete;
    recorder& operator=(const recorder&) = delete;

    /// Never the same twice. A process that met `info` is over, and another takes its place.
    [[nodiscard]] std::int64_t fresh_process() { return next_process_++; }

    /// Requires: the process has no operation open.
    [[nodiscard]] open_operation begin(std::int64_t process,
                                       std::string f,
                                       checker::history::datum value,
                                       checker::history::datum more = {});
    /// What the nemesis did.
    void note(std::string f, checker::history::datum value);

    [[nodiscard]] const outcome_counts& counts() const { return all_; }
    [[nodiscard]] const std::map<std::string, outcome_counts>& counts_by_f() const { return by_f_; }
    /// Since the recorder began.
    [[nodiscard]] runtime::duration elapsed() const { return now_() - began_; }
    [[nodiscard]] std::int64_t lines() const { return line_.index; }

  private:
    friend class open_operation;

    void write(checker::history::op_type type,
               std::int64_t process,
               std::string_view f,
               const checker::history::datum& value,
               const checker::history::datum& error,
               const checker::history::datum& more);
    void count(checker::history::op_type type, std::string_view f);

    line_sink& sink_;
    clock now_;
    runtime::instant began_;
    std::int64_t next_process_ = 0;
    checker::history::operation line_;
    std::string text_;
    outcome_counts all_;
    std::map<std::string, outcome_counts> by_f_;
};

}  // namespace verdikt::workloads
