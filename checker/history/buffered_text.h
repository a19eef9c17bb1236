/// A window on a stream of text that moves forward: what lies between the two ends is in memory.
///
/// Behind the window lie `padding` bytes that may be read but mean nothing; simdjson wants them.
#pragma once

#include "checker/history/reader.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::checker::history {

class buffered_text {
  public:
    static constexpr std::size_t padding = 64;
    /// No window grows beyond this: one operation of a history is never that long.
    static constexpr std::size_t window_bytes_max = std::size_t{256} << 20;

    /// The source must outlive this object.
    explicit buffered_text(byte_source& source) : source_(&source) {}

    [[nodiscard]] std::string_view window() const {
        return {bytes_.data() + begin_, end_ - begin_};
    }
    /// Makes the window longer; false if nothing came, because the text ended or `failure` is set.
    [[nodiscard]] bool grow();
    /// Everything up to the end of the text is in the window.
    [[nodiscard]] bool whole() const { return ended_; }
    /// Why reading stopped, where it was not the end.
    [[nodiscard]] const std::string& failure() const { return failure_; }
    /// Requires: `count` <= window().size().
    void consume(std::size_t count);
    /// The line on which the window begins, from 1.
    [[nodiscard]] std::uint64_t line() const { return line_; }

    /// Consumes blanks; returns the next letter, or 0 at the end.
    [[nodiscard]] char next_letter(std::string_view blanks = " \t\r\n");

  private:
    byte_source* source_;
    std::vector<char> bytes_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint64_t line_ = 1;
    /// How much is read next; little at first, for most texts are short.
    std::size_t piece_ = 4096;
    bool ended_ = false;
    std::string failure_;
};

}  // namespace verdikt::checker::history
