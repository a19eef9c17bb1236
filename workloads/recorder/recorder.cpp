#include "workloads/recorder/recorder.h"

#include "checker/history/writer.h"
#include "runtime/check.h"

#include <utility>

namespace verdikt::workloads {

using checker::history::datum;
using checker::history::op_type;

open_operation::open_operation(open_operation&& other) noexcept
    : value(std::move(other.value)),
      error(std::move(other.error)),
      more(std::move(other.more)),
      into_(std::exchange(other.into_, nullptr)),
      process_(other.process_),
      f_(std::move(other.f_)) {}

open_operation::~open_operation() {
    if (into_ == nullptr) return;
    if (error.empty()) error.add_keyword("dropped");
    end(op_type::info);
}

void open_operation::end(op_type type) {
    CHECK(into_ != nullptr, "operation {} of process {} ends twice", f_, process_);
    CHECK(type != op_type::invoke);
    std::exchange(into_, nullptr)->write(type, process_, f_, value, error, more);
}

recorder::recorder(line_sink& sink, clock now)
    : sink_(sink), now_(std::move(now)), began_(now_()) {}

open_operation recorder::begin(std::int64_t process, std::string f, datum value, datum more) {
    open_operation begun(*this, process, std::move(f));
    write(op_type::invoke, process, begun.f_, value, {}, more);
    begun.value = std::move(value);
    begun.more = std::move(more);
    return begun;
}

void recorder::note(std::string f, datum value) {
    write(op_type::info, checker::history::nemesis_process, f, value, {}, {});
}

void recorder::write(op_type type,
                     std::int64_t process,
                     std::string_view f,
                     const datum& value,
                     const datum& error,
                     const datum& more) {
    line_.time = elapsed().count();
    line_.process = process;
    line_.type = type;
    line_.f = f;
    line_.value = value;
    line_.error = error;
    line_.more = more;
    text_.clear();
    checker::history::append_ndjson(text_, line_);
    sink_.append(text_);
    ++line_.index;
    if (process != checker::history::nemesis_process) count(type, f);
}

void recorder::count(op_type type, std::string_view f) {
    outcome_counts& own = by_f_[std::string(f)];
    for (outcome_counts* each : {&all_, &own}) {
        switch (type) {
            case op_type::invoke:
                ++each->begun;
                break;
            case op_type::ok:
                ++each->ok;
                break;
            case op_type::fail:
                ++each->failed;
                break;
            case op_type::info:
                ++each->unknown;
                break;
        }
    }
}

}  // namespace verdikt::workloads
