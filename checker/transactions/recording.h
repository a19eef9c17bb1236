/// A history of transactions over keys, kept whole in little memory.
///
/// An operation is a row, each thing it did is a step of 4 bytes. Keys and written values are
/// numbered; what a read returned becomes a number by a `read_values` of the checker. Lines of the
/// history are counted from 0 (`line`); what a report shows is the operation's `index`, which is
/// nearly always the same number.
///
/// Understood are operations whose value is a list of micro-operations, `[WRITE k v]` and
/// `[:r k v]`, as Elle has them, whatever `f` says. An operation that ends without a value wrote
/// what it meant to write. What an operation read that did not succeed counts only where it says
/// what it was: nil stands there for "not known". What the nemesis does is left alone. Values are
/// unique a key; where one was written twice nobody can tell who wrote it.
///
/// Two further fields, ours: `final` true says of an operation that everything had been healed
/// before it began, and that it read each of its keys to an end which holds all that had been
/// acknowledged until then. `offsets` tells, in the order of the micro-operations, where in the log
/// of its key each of them wrote or what it read lies; nil where nobody knows.
#pragma once

#include "checker/history/line_indexes.h"
#include "checker/history/operation.h"
#include "checker/history/reader.h"
#include "checker/log/message_table.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace verdikt::checker::transactions {

using log::message_table;
using log::name_table;
using log::none;

enum class act : std::uint8_t {
    /// Of a value, by its number in `values()`.
    write,
    /// Of something that is there, by the number that `read_values` gave it.
    read,
    /// Of a key that nobody has written yet, by its number in `keys()`.
    read_nothing,
};

struct step {
    std::uint32_t subject : 30;
    std::uint32_t kind : 2;

    [[nodiscard]] act what() const { return static_cast<act>(kind); }
};

/// One operation.
struct row {
    std::uint32_t begun = 0;
    /// `none` where it never ended, as its type `info` says too.
    std::uint32_t ended = none;
    std::uint32_t process = 0;
    std::uint32_t first_step = 0;
    std::uint32_t steps = 0;
    history::op_type type = history::op_type::info;
    bool final = false;

    [[nodiscard]] bool ok() const { return type == history::op_type::ok; }
    /// It succeeded, or nobody knows.
    [[nodiscard]] bool possible() const { return type != history::op_type::fail; }
};

/// How a checker numbers what was read.
class read_values {
  public:
    virtual ~read_values() = default;
    /// The number of what a read of `key` returned, or nothing if that is how an unwritten key
    /// looks. `row` is the operation that read it. The error says what is wrong with it.
    [[nodiscard]] virtual std::expected<std::optional<std::uint32_t>, std::string> number_of(
        message_table& values, std::uint32_t key, history::datum_view value, std::uint32_t row) = 0;
};

class recording {
  public:
    /// Reads all of it. `write` is how a write is called: `append`, `w`. An operation that never
    /// ended is `info`.
    [[nodiscard]] static std::expected<recording, history::malformed> read(
        history::operation_reader& from, std::string_view write, read_values& reads);

    /// In the order in which they ended; those that never did are last.
    [[nodiscard]] const std::vector<row>& rows() const { return rows_; }
    [[nodiscard]] std::span<const step> steps_of(const row& which) const {
        return std::span(steps_).subspan(which.first_step, which.steps);
    }
    [[nodiscard]] std::size_t steps() const { return steps_.size(); }
    /// How many steps tell where they lie.
    [[nodiscard]] std::uint64_t offsets() const { return offsets_told_; }
    /// Of the row's step at that position; -1 where it is not told.
    [[nodiscard]] std::int64_t offset_of(const row& which, std::uint32_t position) const {
        const std::size_t at = which.first_step + position;
        return at < offsets_.size() ? offsets_[at] : -1;
    }
    [[nodiscard]] const message_table& values() const { return values_; }
    [[nodiscard]] const name_table& keys() const { return keys_; }
    [[nodiscard]] std::uint32_t processes() const { return processes_; }
    [[nodiscard]] std::uint32_t lines() const { return indexes_.lines(); }
    /// The `index` of the operation on that line.
    [[nodiscard]] std::int64_t index_of(std::uint32_t line) const { return indexes_.of(line); }
    /// The line that shows best what the operation did: where it ended, or began if it never did.
    [[nodiscard]] std::int64_t index_of(const row& which) const {
        return index_of(which.ended == none ? which.begun : which.ended);
    }

  private:
    friend class recorder;

    std::vector<row> rows_;
    std::vector<step> steps_;
    /// Of each step up to the last that tells it.
    std::vector<std::int64_t> offsets_;
    std::uint64_t offsets_told_ = 0;
    message_table values_;
    name_table keys_;
    history::line_indexes indexes_;
    std::uint32_t processes_ = 0;
};

}  // namespace verdikt::checker::transactions
