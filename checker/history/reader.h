/// Histories read from a stream, one operation at a time, in memory that does not grow.
///
///     auto reader = history::open_history(source);
///     history::operation one;
///     while (true) {
///         const auto more = (*reader)->next(one);
///         if (!more) …malformed, more.error() says where…
///         if (!*more) break;
///         …look at `one`…
///     }
#pragma once

#include "checker/history/operation.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>

namespace verdikt::checker::history {

/// Where the bytes come from: a file, a string. The checker itself opens no file.
class byte_source {
  public:
    virtual ~byte_source() = default;
    /// Fills the beginning of `into` and returns how many bytes; 0 only at the end.
    [[nodiscard]] virtual std::expected<std::size_t, std::string> read(std::span<char> into) = 0;
};

/// What is wrong with a history, and where.
struct malformed {
    std::uint64_t line = 0;
    std::string what;
};

class operation_reader {
  public:
    virtual ~operation_reader() = default;
    /// Puts the next operation into `into`; false at the end. After an error there is nothing more.
    [[nodiscard]] virtual std::expected<bool, malformed> next(operation& into) = 0;
    /// The last line was cut short, as a recorder that was killed leaves it, and was left out.
    /// Known at the end.
    [[nodiscard]] virtual bool cut_short() const { return false; }
};

/// Gives `take` every operation in turn. An error of its is told with the operation's index.
template <typename Take>
[[nodiscard]] std::expected<void, malformed> for_each_operation(operation_reader& from, Take take) {
    operation one;
    while (true) {
        const auto more = from.next(one);
        if (!more) return std::unexpected(more.error());
        if (!*more) return {};
        const std::expected<void, std::string> taken = take(one);
        if (taken) continue;
        return std::unexpected(
            malformed{0, fmt::format("the operation of index {}: {}", one.index, taken.error())});
    }
}

/// One JSON object a line, or one array of them. The source must outlive the reader.
[[nodiscard]] std::unique_ptr<operation_reader> read_json(byte_source& source);

/// Maps one after another, or one vector or list of them, as Jepsen writes them. The source must
/// outlive the reader.
[[nodiscard]] std::unique_ptr<operation_reader> read_edn(byte_source& source);

/// Tells JSON from EDN by how the history begins. The source must outlive the reader.
[[nodiscard]] std::expected<std::unique_ptr<operation_reader>, malformed> open_history(
    byte_source& source);

/// Bytes that somebody holds, as a source.
class text_source : public byte_source {
  public:
    explicit text_source(std::string_view text) : rest_(text) {}
    [[nodiscard]] std::expected<std::size_t, std::string> read(std::span<char> into) override;

  private:
    std::string_view rest_;
};

}  // namespace verdikt::checker::history
