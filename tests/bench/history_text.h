/// The text of a history that keeps every promise, made while it is read, so that ten million
/// operations need no disk and no memory.
#pragma once

#include "checker/history/reader.h"
#include "history_maker.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::bench {

class history_text : public checker::history::byte_source {
  public:
    /// `operations` begin, and each of them ends; a few more may open and close the
    /// history.
    history_text(history_of what, std::uint64_t operations);

    [[nodiscard]] std::expected<std::size_t, std::string> read(std::span<char> into) override;
    /// Processor time that making the text has taken.
    [[nodiscard]] double seconds() const { return seconds_; }

  private:
    void add_line();
    /// True if there was one.
    bool add_alone(std::optional<told_operation> what);
    void begin(std::size_t seat);
    void end(std::optional<told_operation>& what);
    void add(const told_operation& what,
             std::string_view type,
             std::string_view value,
             std::string_view more);
    [[nodiscard]] bool is_over() const;

    std::unique_ptr<history_maker> maker_;
    dice dice_;
    std::uint64_t left_;
    std::uint64_t lines_ = 0;
    std::vector<std::optional<told_operation>> under_way_;
    bool opened_ = false;
    bool closed_ = false;
    std::string text_;
    std::size_t used_ = 0;
    double seconds_ = 0;
};

}  // namespace verdikt::bench
