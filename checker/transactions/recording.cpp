#include "checker/transactions/recording.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::checker::transactions {

namespace {

using history::datum_view;
using history::op_type;
using history::operation;

constexpr std::size_t subjects_max = std::size_t{1} << 30;

step make_step(act what, std::uint32_t subject) {
    return {.subject = subject, .kind = static_cast<std::uint32_t>(what)};
}

bool says_final(const operation& line) {
    const auto told = line.more.view().find("final");
    return told && told->what() == history::kind::boolean && told->boolean();
}

/// Only what succeeded knows where it lies.
std::optional<datum_view> offsets_of(const operation& line) {
    if (line.type != op_type::ok) return std::nullopt;
    const auto told = line.more.view().find("offsets");
    return told && told->is_vector() ? told : std::nullopt;
}

}  // namespace

/// Turns the lines of a history into rows and steps.
class recorder {
  public:
    recorder(std::string_view write, read_values& reads) : write_(write), reads_(reads) {}

    std::expected<void, std::string> take(const operation& line);
    recording finish();

  private:
    /// An operation that has begun, and what it means to write: all we know if it never ends.
    struct open_operation {
        bool open = false;
        row what;
        std::vector<step> writes;
    };

    std::uint32_t process_of(std::int64_t name);
    std::expected<void, std::string> begin(const operation& line, open_operation& at);
    std::expected<void, std::string> end(const operation& line, open_operation& at);
    std::expected<void, std::string> add_steps(const operation& line);
    std::expected<void, std::string> add_step(datum_view what, op_type type);
    std::expected<void, std::string> add_read(std::uint32_t key, datum_view value, op_type type);
    void add_offset(datum_view told);
    void add_row(row what, std::size_t first_step);

    std::string_view write_;
    read_values& reads_;
    recording into_;
    std::unordered_map<std::int64_t, std::uint32_t> processes_;
    std::vector<open_operation> open_;
};

std::uint32_t recorder::process_of(std::int64_t name) {
    const auto [found, fresh] =
        processes_.try_emplace(name, static_cast<std::uint32_t>(open_.size()));
    if (fresh) open_.emplace_back();
    return found->second;
}

std::expected<void, std::string> recorder::take(const operation& line) {
    into_.indexes_.add(line.index);
    if (line.process == history::nemesis_process) return {};
    const std::uint32_t process = process_of(line.process);
    open_operation& at = open_[process];
    if (line.type != op_type::invoke) {
        if (at.open) return end(line, at);
        return std::unexpected(
            fmt::format("process {} ends an operation that it did not begin", line.process));
    }
    if (at.open) {
        return std::unexpected(
            fmt::format("process {} begins while its operation of index {} is open",
                        line.process,
                        into_.index_of(at.what.begun)));
    }
    at.what = {.begun = into_.indexes_.last(), .process = process};
    return begin(line, at);
}

std::expected<void, std::string> recorder::begin(const operation& line, open_operation& at) {
    at.open = true;
    const std::size_t before = into_.steps_.size();
    if (auto done = add_steps(line); !done) return done;
    const auto first = into_.steps_.begin() + static_cast<std::ptrdiff_t>(before);
    at.writes.assign(first, into_.steps_.end());
    into_.steps_.resize(before);
    return {};
}

std::expected<void, std::string> recorder::end(const operation& line, open_operation& at) {
    const std::size_t first = into_.steps_.size();
    if (line.value.view().size() == 0) {
        into_.steps_.insert(into_.steps_.end(), at.writes.begin(), at.writes.end());
    } else if (auto done = add_steps(line); !done) {
        return done;
    }
    at.what.ended = into_.indexes_.last();
    at.what.type = line.type;
    at.what.final = says_final(line);
    add_row(at.what, first);
    at.open = false;
    return {};
}

void recorder::add_row(row what, std::size_t first_step) {
    what.first_step = static_cast<std::uint32_t>(first_step);
    what.steps = static_cast<std::uint32_t>(into_.steps_.size() - first_step);
    into_.rows_.push_back(what);
}

std::expected<void, std::string> recorder::add_steps(const operation& line) {
    const datum_view value = line.value.view();
    if (!value.is_vector() && !value.is_nil()) {
        return std::unexpected("a value that is no list of micro-operations");
    }
    const auto offsets = offsets_of(line);
    auto told = offsets ? offsets->begin() : datum_view::iterator();
    for (const datum_view one : value) {
        const std::size_t before = into_.steps_.size();
        if (auto done = add_step(one, line.type); !done) return done;
        if (!offsets || told == offsets->end()) continue;
        if (into_.steps_.size() > before) add_offset(*told);
        ++told;
    }
    return {};
}

/// Of the last step.
void recorder::add_offset(datum_view told) {
    if (!told.is_integer() || told.integer() < 0) return;
    into_.offsets_.resize(into_.steps_.size(), -1);
    into_.offsets_.back() = told.integer();
    ++into_.offsets_told_;
}

std::expected<void, std::string> recorder::add_step(datum_view what, op_type type) {
    if (!what.is_vector() || what.size() < 2) return std::unexpected("a malformed micro-operation");
    auto at = what.begin();
    const std::string_view name = (*at).name();
    const std::uint32_t key = into_.keys_.number_of(*++at);
    const bool has_value = what.size() > 2;
    if (name == "r") {
        if (has_value) return add_read(key, *++at, type);
        // `[:r k]`, as some write a read that returned nothing.
        if (type == op_type::ok) into_.steps_.push_back(make_step(act::read_nothing, key));
        return {};
    }
    if (name != write_) {
        return std::unexpected(fmt::format("a micro-operation that is neither {} nor r", write_));
    }
    if (!has_value) return std::unexpected(fmt::format("{} without a value", write_));
    const std::uint32_t value = into_.values_.number_of(key, *++at);
    if (value >= subjects_max) return std::unexpected("more values than can be numbered");
    into_.steps_.push_back(make_step(act::write, value));
    return {};
}

std::expected<void, std::string> recorder::add_read(std::uint32_t key,
                                                    datum_view value,
                                                    op_type type) {
    if (type == op_type::invoke || type == op_type::fail) return {};
    if (type == op_type::info && value.is_nil()) return {};
    const auto number =
        reads_.number_of(into_.values_, key, value, static_cast<std::uint32_t>(into_.rows_.size()));
    if (!number) return std::unexpected(number.error());
    if (*number && **number >= subjects_max) {
        return std::unexpected("more values than can be numbered");
    }
    into_.steps_.push_back(*number ? make_step(act::read, **number)
                                   : make_step(act::read_nothing, key));
    return {};
}

recording recorder::finish() {
    // Those that never ended, in the order in which they began.
    std::vector<open_operation*> rest;
    for (open_operation& at : open_) {
        if (at.open) rest.push_back(&at);
    }
    std::ranges::sort(rest, {}, [](const open_operation* at) { return at->what.begun; });
    for (open_operation* at : rest) {
        const std::size_t first = into_.steps_.size();
        into_.steps_.insert(into_.steps_.end(), at->writes.begin(), at->writes.end());
        add_row(at->what, first);
    }
    into_.processes_ = static_cast<std::uint32_t>(open_.size());
    into_.values_.release_search();
    return std::move(into_);
}

std::expected<recording, history::malformed> recording::read(history::operation_reader& from,
                                                             std::string_view write,
                                                             read_values& reads) {
    recorder all(write, reads);
    const auto done =
        history::for_each_operation(from, [&all](const operation& line) { return all.take(line); });
    if (!done) return std::unexpected(done.error());
    return all.finish();
}

}  // namespace verdikt::checker::transactions
