/// A history of instances that consume, transform and produce, as far as the checker needs it.
///
/// Operations understood, by `f` (the shapes of jepsen.tests.kafka, so that the log checker judges
/// the same history; what is ours is marked +). A partition of any topic is a key of its own. An
/// input is a value that is never sent twice; the output made of it is the pair [input, attempt],
/// where each transaction that is tried has a number of its own:
///
///     topics +   {:input [k …] :output [k …]}: which keys are read and which are written. Once,
///     `ok` send       [[:send k v] …]: inputs init +     a transactional id: the process has taken
///     it over, when the operation is `ok` txn        [[:poll {k [[offset v] …]}] [:send k [offset
///     [v attempt]]] …]
///                  attempt +        its number, from the invocation on
///                  offsets +        {k next}: the offsets that the transaction carries for the
///                  group generation +     of the member, as the offsets were sent offsets-asked +,
///                  commit-asked +   when (ns) offsets and commit were asked for first
///                offset is nil where it was not told. `ok` is committed, `fail` is aborted
///     assign     [k …]
///     poll       [[:poll {k [[offset v] …]}]] of a reader of output and input, who may say
///                `read-to-end` [k …] as in checker/log/recording.h
///     committed + {k offset}: what the group has committed; nil where it has nothing
///
/// Certain is what an operation says that is `ok`, and what a reader was given. An operation that
/// is `info` has happened only if a reader saw an output of its attempt. Others are left alone.
///
/// Memory grows with the inputs (about 50 bytes), transactions (90) and outputs (24, as their
/// sender tells of them and as their reader does).
#pragma once

#include "checker/history/line_indexes.h"
#include "checker/history/open_operations.h"
#include "checker/history/reader.h"
#include "checker/log/message_table.h"

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

namespace verdikt::checker::exactly_once {

using history::never;
using log::none;

/// A transaction that was tried.
struct attempt {
    std::int64_t begun = 0;       ///< By line.
    std::int64_t ended = never;   ///< By line.
    std::int64_t offsets_at = 0;  ///< In ns, as all that ends in `_at`: offsets were asked for, or
                                  ///< it began.
    std::int64_t commit_at = 0;   ///< The commit was asked for, or it began.
    std::int64_t ended_at = never;
    std::int64_t process = 0;
    std::int64_t generation = -1;
    history::op_type type = history::op_type::info;
    bool says_offsets = false;
    std::uint32_t first_carried = 0;
    std::uint32_t carried = 0;
};

/// An offset that a transaction carries for the group.
struct carried_offset {
    std::uint32_t partition = none;
    std::int64_t next = 0;
};

/// An output, as a transaction that is `ok` or a reader tells of it.
struct output {
    std::uint32_t input = none;
    std::uint32_t attempt = none;  ///< By row; `none` where nobody tried it.
    std::uint32_t partition : 31 = 0;
    /// A reader was given it; otherwise only its sender told of it.
    std::uint32_t is_read : 1 = 0;
    std::uint32_t line = 0;    ///< That tells of it.
    std::int64_t offset = -1;  ///< -1: not told.
};

struct input {
    std::uint32_t partition = none;  ///< Where it was polled first; `none` where it never was.
    std::uint32_t line = 0;          ///< On which it was.
    std::int64_t offset = -1;
    /// It was polled at another place too: it was in the log twice.
    bool twice = false;
};

/// A process has taken a transactional id over.
struct takeover {
    std::uint32_t id = none;
    std::int64_t process = 0;
    std::int64_t begun = 0;
    std::int64_t ended = 0;
    std::int64_t ended_at = 0;
    std::int64_t index = 0;
};

/// What the group was found to have committed for a partition.
struct group_offset {
    std::uint32_t partition = none;
    std::int64_t offset = -1;  ///< -1: nothing.
    std::int64_t begun = 0;
    std::int64_t ended = 0;
    std::int64_t index = 0;
};

/// Up to which line the history is covered by a read of an output partition to its end.
struct full_read {
    std::int64_t since = -1;  ///< -1: never read to its end.
    std::int64_t index = -1;
};

class recording {
  public:
    /// Reads all of it.
    [[nodiscard]] static std::expected<recording, history::malformed> read(
        history::operation_reader& from);

    bool has_topics = false;
    std::uint64_t operations = 0;
    log::name_table partitions;
    log::name_table values;  ///< Of inputs, by number.
    history::line_indexes indexes;
    std::vector<bool> is_input;           ///< By partition.
    std::vector<full_read> outputs_read;  ///< By partition; those that are outputs only.
    std::vector<std::uint32_t> output_partitions;
    std::vector<attempt>
        attempts;  ///< In the order in which they ended; those that never did last.
    std::vector<carried_offset> carried;
    std::vector<output> outputs;  ///< By input, attempt, partition, offset, those read first.
    std::vector<input> inputs;    ///< By number.
    std::vector<takeover> takeovers;
    std::vector<group_offset> group_offsets;

    [[nodiscard]] std::span<const carried_offset> carried_by(const attempt& which) const {
        return std::span(carried).subspan(which.first_carried, which.carried);
    }
    /// The `index` of the operation on that line.
    [[nodiscard]] std::int64_t index_of(std::uint32_t line) const { return indexes.of(line); }
    /// Of the line that shows it: where it ended, or began if it never did.
    [[nodiscard]] std::int64_t index_of(const attempt& which) const {
        return index_of(
            static_cast<std::uint32_t>(which.ended == never ? which.begun : which.ended));
    }
    [[nodiscard]] std::string input_text(std::uint32_t which) const;
};

}  // namespace verdikt::checker::exactly_once
