/// Reads JSON: an operation a line, or one array of operations. See reader.h and writer.h.
#pragma once

#include "checker/history/buffered_text.h"

#include <memory>

namespace verdikt::checker::history {

/// The parser of one object; apart, so that its library is compiled in one file only.
class json_parser {
  public:
    json_parser();
    ~json_parser();
    json_parser(const json_parser&) = delete;
    json_parser& operator=(const json_parser&) = delete;

    /// Requires: `buffered_text::padding` bytes behind `text` may be read.
    [[nodiscard]] std::expected<void, std::string> parse(std::string_view text, operation& into);

  private:
    struct state;
    std::unique_ptr<state> state_;
};

class json_reader : public operation_reader {
  public:
    explicit json_reader(buffered_text text) : text_(std::move(text)) {}

    [[nodiscard]] std::expected<bool, malformed> next(operation& into) override;
    [[nodiscard]] bool cut_short() const override { return cut_short_; }

  private:
    [[nodiscard]] std::expected<std::size_t, malformed> find_object();
    [[nodiscard]] std::expected<std::size_t, malformed> find_line();
    [[nodiscard]] std::expected<std::size_t, malformed> find_closing_brace();
    [[nodiscard]] std::unexpected<malformed> refuse(std::string what) {
        ended_ = true;
        return std::unexpected(malformed{text_.line(), std::move(what)});
    }

    buffered_text text_;
    json_parser parser_;
    std::int64_t count_ = 0;
    bool begun_ = false;
    bool in_array_ = false;
    bool ended_ = false;
    bool cut_short_ = false;
};

}  // namespace verdikt::checker::history
