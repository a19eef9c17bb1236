#include "checker/exactly_once/recording.h"

#include "runtime/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace verdikt::checker::exactly_once {

namespace {

using history::begun_operation;
using history::datum_view;
using history::op_type;
using history::operation;
using outcome = std::expected<void, std::string>;

std::int64_t integer_or(std::optional<datum_view> what, std::int64_t otherwise) {
    return what && what->is_integer() ? what->integer() : otherwise;
}

class reading {
  public:
    outcome take(const operation& line);
    recording finish();

  private:
    outcome end(const begun_operation& begun, const operation& line);
    outcome take_topics(const operation& line);
    outcome take_attempt(const begun_operation& begun, const operation* line);
    outcome take_sends(datum_view value, std::uint32_t row);
    outcome take_polls(datum_view value);
    outcome take_records(std::uint32_t partition, datum_view records);
    outcome take_record(std::uint32_t partition, datum_view record);
    outcome take_output(std::uint32_t partition, std::int64_t offset, datum_view value);
    outcome take_offsets(std::optional<datum_view> offsets, attempt& into);
    void take_read_to_end(const operation& line);
    outcome take_committed(const begun_operation& begun, const operation& line);
    std::uint32_t partition_of(datum_view key);
    std::uint32_t input_of(datum_view value);
    std::uint32_t attempt_of(datum_view number);
    void note_attempt(std::optional<datum_view> number, std::uint32_t row);
    [[nodiscard]] std::uint32_t line() const { return static_cast<std::uint32_t>(open_.line()); }

    recording into_;
    history::open_operations open_;
    std::unordered_map<std::int64_t, std::int64_t> assigned_;  ///< By process: the line.
    log::name_table ids_;
    /// Outputs name their attempts by number, and until all are known by its place in this table.
    log::name_table attempt_numbers_;
    /// By that place.
    std::vector<std::uint32_t> attempt_rows_;
};

std::uint32_t reading::partition_of(datum_view key) {
    const std::uint32_t number = into_.partitions.number_of(key);
    if (number == into_.is_input.size()) {
        into_.is_input.push_back(false);
        into_.outputs_read.emplace_back();
    }
    return number;
}

std::uint32_t reading::input_of(datum_view value) {
    const std::uint32_t number = into_.values.number_of(value);
    if (number == into_.inputs.size()) into_.inputs.emplace_back();
    return number;
}

std::uint32_t reading::attempt_of(datum_view number) {
    const std::uint32_t place = attempt_numbers_.number_of(number);
    if (place == attempt_rows_.size()) attempt_rows_.push_back(none);
    return place;
}

/// The first that says so has the number.
void reading::note_attempt(std::optional<datum_view> number, std::uint32_t row) {
    if (!number || !number->is_integer() || number->integer() < 0) return;
    std::uint32_t& here = attempt_rows_[attempt_of(*number)];
    if (here == none) here = row;
}

outcome reading::take(const operation& line) {
    into_.indexes.add(line.index);
    const auto begun = open_.take(line);
    if (!begun) return std::unexpected(begun.error());
    if (*begun == nullptr) return {};
    ++into_.operations;
    return end(**begun, line);
}

outcome reading::end(const begun_operation& begun, const operation& line) {
    const bool ok = line.type == op_type::ok;
    if (line.f == "txn") return take_attempt(begun, &line);
    if (line.f == "topics" && ok) return take_topics(line);
    if (line.f == "assign" && ok) assigned_[line.process] = begun.line;
    if (line.f == "committed" && ok) return take_committed(begun, line);
    if (line.f == "init" && ok) {
        into_.takeovers.push_back({.id = ids_.number_of(line.value.view()),
                                   .process = line.process,
                                   .begun = begun.line,
                                   .ended = open_.line(),
                                   .ended_at = line.time,
                                   .index = line.index});
    }
    if (line.f == "poll" && ok) {
        if (auto done = take_polls(line.value.view()); !done) return done;
        take_read_to_end(line);
    }
    return {};
}

outcome reading::take_topics(const operation& line) {
    const auto inputs = line.value.view().find("input");
    const auto outputs = line.value.view().find("output");
    if (!inputs || !outputs) return std::unexpected("topics that are not {:input … :output …}");
    if (into_.has_topics) return std::unexpected("topics are told twice");
    into_.has_topics = true;
    for (const datum_view key : *inputs) into_.is_input[partition_of(key)] = true;
    for (const datum_view key : *outputs) into_.output_partitions.push_back(partition_of(key));
    return {};
}

outcome reading::take_attempt(const begun_operation& begun, const operation* line) {
    const auto row = static_cast<std::uint32_t>(into_.attempts.size());
    attempt made{.begun = begun.line};
    made.process = begun.what.process;
    made.offsets_at = begun.what.time;
    made.commit_at = begun.what.time;
    auto number = begun.what.more.view().find("attempt");
    made.first_carried = static_cast<std::uint32_t>(into_.carried.size());
    if (line != nullptr) {
        const datum_view more = line->more.view();
        made.ended = open_.line();
        made.ended_at = line->time;
        made.type = line->type;
        const auto told = more.find("attempt");
        if (told && told->is_integer()) number = told;
        made.generation = integer_or(more.find("generation"), -1);
        made.offsets_at = integer_or(more.find("offsets-asked"), made.offsets_at);
        made.commit_at = integer_or(more.find("commit-asked"), made.commit_at);
        if (auto done = take_offsets(more.find("offsets"), made); !done) return done;
        if (auto done = take_polls(line->value.view()); !done) return done;
        if (line->type == op_type::ok) {
            if (auto done = take_sends(line->value.view(), row); !done) return done;
        }
    }
    note_attempt(number, row);
    into_.attempts.push_back(made);
    return {};
}

outcome reading::take_offsets(std::optional<datum_view> offsets, attempt& into) {
    if (!offsets) return {};
    if (!offsets->is_map()) return std::unexpected("offsets that are not {k next}");
    into.says_offsets = true;
    for (auto at = offsets->begin(); at != offsets->end(); ++at) {
        const std::uint32_t partition = partition_of(*at++);
        if (!(*at).is_integer()) return std::unexpected("an offset that is no integer");
        into_.carried.push_back({partition, (*at).integer()});
        ++into.carried;
    }
    return {};
}

// [:send k [offset [v attempt]]]
outcome reading::take_sends(datum_view value, std::uint32_t row) {
    for (const datum_view one : value) {
        if (one.size() != 3 || one[0].name() != "send") continue;
        const datum_view told = one[2];
        if (!told.is_vector() || told.size() < 2 || told[1].size() != 2) {
            return std::unexpected("an output that is not [offset [input attempt]]");
        }
        into_.outputs.push_back({.input = input_of(told[1][0]),
                                 .attempt = row,
                                 .partition = partition_of(one[1]),
                                 .line = line(),
                                 .offset = integer_or(told[0], -1)});
    }
    return {};
}

outcome reading::take_polls(datum_view value) {
    for (const datum_view one : value) {
        if (one.size() != 2 || one[0].name() != "poll") continue;
        const datum_view polled = one[1];
        if (polled.is_nil()) continue;
        if (!polled.is_map()) return std::unexpected("a poll that is not {k [[offset v] …]}");
        for (auto at = polled.begin(); at != polled.end(); ++at) {
            const std::uint32_t partition = partition_of(*at++);
            if (auto done = take_records(partition, *at); !done) return done;
        }
    }
    return {};
}

outcome reading::take_records(std::uint32_t partition, datum_view records) {
    for (const datum_view record : records) {
        if (auto done = take_record(partition, record); !done) return done;
    }
    return {};
}

outcome reading::take_record(std::uint32_t partition, datum_view record) {
    if (record.size() < 2 || !record[0].is_integer()) {
        return std::unexpected("a polled record that is not [offset v]");
    }
    if (!into_.has_topics) return std::unexpected("topics are not told before what they hold");
    const std::int64_t offset = record[0].integer();
    const datum_view value = record[1];
    if (!into_.is_input[partition]) return take_output(partition, offset, value);
    input& seen = into_.inputs[input_of(value)];
    if (seen.partition == none) {
        seen.partition = partition;
        seen.offset = offset;
        seen.line = line();
    } else if (seen.partition != partition || seen.offset != offset) {
        seen.twice = true;
    }
    return {};
}

outcome reading::take_output(std::uint32_t partition, std::int64_t offset, datum_view value) {
    const bool pair = value.is_vector() && value.size() == 2 && value[1].is_integer();
    if (!pair) return std::unexpected("an output that is not [input attempt]");
    into_.outputs.push_back({.input = input_of(value[0]),
                             .attempt = attempt_of(value[1]),
                             .partition = partition,
                             .is_read = 1,
                             .line = line(),
                             .offset = offset});
    return {};
}

void reading::take_read_to_end(const operation& line) {
    const auto ends = line.more.view().find("read-to-end");
    const auto since = assigned_.find(line.process);
    if (!ends || !ends->is_vector() || since == assigned_.end()) return;
    for (const datum_view key : *ends) {
        full_read& read = into_.outputs_read[partition_of(key)];
        if (since->second > read.since) read = {since->second, line.index};
    }
}

outcome reading::take_committed(const begun_operation& begun, const operation& line) {
    const datum_view value = line.value.view();
    if (!value.is_map()) return std::unexpected("committed offsets that are not {k offset}");
    for (auto at = value.begin(); at != value.end(); ++at) {
        const std::uint32_t partition = partition_of(*at++);
        into_.group_offsets.push_back({.partition = partition,
                                       .offset = integer_or(*at, -1),
                                       .begun = begun.line,
                                       .ended = open_.line(),
                                       .index = line.index});
    }
    return {};
}

recording reading::finish() {
    for (const begun_operation* begun : open_.rest()) {
        ++into_.operations;
        if (begun->what.f != "txn") continue;
        // Only what an end tells can be malformed.
        const auto taken = take_attempt(*begun, nullptr);
        CHECK(taken.has_value());
    }
    for (output& one : into_.outputs) {
        if (one.is_read != 0) one.attempt = attempt_rows_[one.attempt];
    }
    std::ranges::sort(into_.outputs, {}, [](const output& one) {
        return std::tuple(one.input,
                          one.attempt,
                          std::uint32_t{one.partition},
                          one.offset,
                          one.is_read == 0,
                          one.line);
    });
    return std::move(into_);
}

}  // namespace

std::string recording::input_text(std::uint32_t which) const {
    const input& seen = inputs[which];
    if (seen.partition == none) return fmt::format("input {}", values.text_of(which));
    return fmt::format("input {} (offset {} of {})",
                       values.text_of(which),
                       seen.offset,
                       partitions.text_of(seen.partition));
}

std::expected<recording, history::malformed> recording::read(history::operation_reader& from) {
    reading all;
    const auto done =
        history::for_each_operation(from, [&all](const operation& line) { return all.take(line); });
    if (!done) return std::unexpected(done.error());
    return all.finish();
}

}  // namespace verdikt::checker::exactly_once
