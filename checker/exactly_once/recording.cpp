#include "checker/exactly_once/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
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
    outcome take_sends(datum_view value, std::uint32_t row, std::int64_t index);
    outcome take_polls(datum_view value, const operation& line);
    outcome take_record(std::uint32_t partition, datum_view record, std::int64_t index);
    outcome take_output(std::uint32_t partition,
                        std::int64_t offset,
                        datum_view value,
                        std::int64_t index);
    outcome take_offsets(std::optional<datum_view> offsets, attempt& into);
    void take_read_to_end(const operation& line);
    outcome take_committed(const begun_operation& begun, const operation& line);
    std::uint32_t partition_of(datum_view key);
    std::uint32_t input_of(datum_view value);

    recording into_;
    history::open_operations open_;
    std::unordered_map<std::int64_t, std::int64_t> assigned_;  ///< By process: the line.
    log::name_table ids_;
    /// Attempt numbers of outputs, until the rows of attempts are known.
    std::vector<std::int64_t> attempt_numbers_;
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

outcome reading::take(const operation& line) {
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
        if (auto done = take_polls(line.value.view(), line); !done) return done;
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
    attempt made{.index = begun.what.index, .begun = begun.line, .begun_at = begun.what.time};
    made.process = begun.what.process;
    made.number = integer_or(begun.what.more.view().find("attempt"), -1);
    made.offsets_at = made.begun_at;
    made.commit_at = made.begun_at;
    made.first_carried = static_cast<std::uint32_t>(into_.carried.size());
    if (line != nullptr) {
        const datum_view more = line->more.view();
        made.index = line->index;
        made.ended = open_.line();
        made.ended_at = line->time;
        made.type = line->type;
        made.number = integer_or(more.find("attempt"), made.number);
        made.generation = integer_or(more.find("generation"), -1);
        made.offsets_at = integer_or(more.find("offsets-asked"), made.begun_at);
        made.commit_at = integer_or(more.find("commit-asked"), made.begun_at);
        if (auto done = take_offsets(more.find("offsets"), made); !done) return done;
        if (auto done = take_polls(line->value.view(), *line); !done) return done;
        if (line->type == op_type::ok) {
            if (auto done = take_sends(line->value.view(), row, line->index); !done) return done;
        }
    }
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
outcome reading::take_sends(datum_view value, std::uint32_t row, std::int64_t index) {
    for (const datum_view one : value) {
        if (one.size() != 3 || one[0].name() != "send") continue;
        const datum_view told = one[2];
        if (!told.is_vector() || told.size() < 2 || told[1].size() != 2) {
            return std::unexpected("an output that is not [offset [input attempt]]");
        }
        into_.outputs.push_back({.input = input_of(told[1][0]),
                                 .attempt = row,
                                 .partition = partition_of(one[1]),
                                 .offset = integer_or(told[0], -1),
                                 .index = index});
        attempt_numbers_.push_back(-1);
    }
    return {};
}

outcome reading::take_polls(datum_view value, const operation& line) {
    for (const datum_view one : value) {
        if (one.size() != 2 || one[0].name() != "poll") continue;
        const datum_view polled = one[1];
        if (polled.is_nil()) continue;
        if (!polled.is_map()) return std::unexpected("a poll that is not {k [[offset v] …]}");
        for (auto at = polled.begin(); at != polled.end(); ++at) {
            const std::uint32_t partition = partition_of(*at++);
            for (const datum_view record : *at) {
                auto done = take_record(partition, record, line.index);
                if (!done) return done;
            }
        }
    }
    return {};
}

outcome reading::take_record(std::uint32_t partition, datum_view record, std::int64_t index) {
    if (record.size() < 2 || !record[0].is_integer()) {
        return std::unexpected("a polled record that is not [offset v]");
    }
    if (!into_.has_topics) return std::unexpected("topics are not told before what they hold");
    const std::int64_t offset = record[0].integer();
    const datum_view value = record[1];
    if (!into_.is_input[partition]) return take_output(partition, offset, value, index);
    input& seen = into_.inputs[input_of(value)];
    if (seen.partition == none) {
        seen.partition = partition;
        seen.offset = offset;
        seen.index = index;
    } else if (seen.partition != partition || seen.offset != offset) {
        seen.twice = true;
    }
    return {};
}

outcome reading::take_output(std::uint32_t partition,
                             std::int64_t offset,
                             datum_view value,
                             std::int64_t index) {
    const bool pair = value.is_vector() && value.size() == 2 && value[1].is_integer();
    if (!pair) return std::unexpected("an output that is not [input attempt]");
    into_.outputs.push_back({.input = input_of(value[0]),
                             .partition = partition,
                             .offset = offset,
                             .line = open_.line(),
                             .index = index});
    attempt_numbers_.push_back(value[1].integer());
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
        if (begun->what.f == "txn") static_cast<void>(take_attempt(*begun, nullptr));
        ++into_.operations;
    }
    std::unordered_map<std::int64_t, std::uint32_t> rows;
    for (std::uint32_t row = 0; row < into_.attempts.size(); ++row) {
        if (into_.attempts[row].number >= 0) rows.try_emplace(into_.attempts[row].number, row);
    }
    for (std::size_t at = 0; at < into_.outputs.size(); ++at) {
        if (attempt_numbers_[at] < 0) continue;
        const auto found = rows.find(attempt_numbers_[at]);
        if (found != rows.end()) into_.outputs[at].attempt = found->second;
    }
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
    operation line;
    while (true) {
        const auto more = from.next(line);
        if (!more) return std::unexpected(more.error());
        if (!*more) return all.finish();
        if (auto done = all.take(line); !done) {
            return std::unexpected(history::malformed{
                0, fmt::format("the operation of index {}: {}", line.index, done.error())});
        }
    }
}

}  // namespace verdikt::checker::exactly_once
