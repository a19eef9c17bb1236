/// Reads Jepsen's EDN: one map an operation. See reader.h.
#pragma once

#include "checker/history/buffered_text.h"
#include "checker/history/edn_parser.h"

namespace verdikt::checker::history {

class edn_reader : public operation_reader {
  public:
    explicit edn_reader(buffered_text text) : text_(std::move(text)) {}

    [[nodiscard]] std::expected<bool, malformed> next(operation& into) override;
    [[nodiscard]] bool cut_short() const override { return cut_short_; }

  private:
    [[nodiscard]] std::expected<bool, malformed> next_form();
    [[nodiscard]] std::expected<bool, malformed> take_form();
    void enter_sequence();
    [[nodiscard]] std::unexpected<malformed> refuse(std::string what) const {
        return std::unexpected(malformed{text_.line(), std::move(what)});
    }

    buffered_text text_;
    datum form_;
    std::int64_t count_ = 0;
    /// What closes the sequence that holds all operations; 0 where there is none.
    char closing_ = 0;
    bool begun_ = false;
    bool ended_ = false;
    bool cut_short_ = false;
};

}  // namespace verdikt::checker::history
