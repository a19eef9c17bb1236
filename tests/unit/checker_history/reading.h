/// Whole histories out of strings, for tests.
#pragma once

#include "checker/history/reader.h"

#include <algorithm>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::checker::history {

/// Gives few bytes at a time, as a slow stream does.
class slow_source : public byte_source {
  public:
    slow_source(std::string_view text, std::size_t step) : rest_(text), step_(step) {}

    std::expected<std::size_t, std::string> read(std::span<char> into) override {
        const std::size_t count = std::min({step_, into.size(), rest_.size()});
        std::ranges::copy(rest_.substr(0, count), into.begin());
        rest_.remove_prefix(count);
        return count;
    }

  private:
    std::string_view rest_;
    std::size_t step_;
};

struct history_read {
    std::vector<operation> operations;
    bool cut_short = false;
};

/// What went wrong is "LINE: WHAT".
inline std::expected<history_read, std::string> read_all(std::string_view text,
                                                         std::size_t step = 1 << 20) {
    slow_source source(text, step);
    const auto told = [](const malformed& error) {
        return std::unexpected(std::to_string(error.line) + ": " + error.what);
    };
    const auto reader = open_history(source);
    if (!reader) return told(reader.error());
    history_read all;
    operation one;
    while (true) {
        const auto more = (*reader)->next(one);
        if (!more) return told(more.error());
        if (!*more) break;
        all.operations.push_back(one);
    }
    all.cut_short = (*reader)->cut_short();
    return all;
}

}  // namespace verdikt::checker::history
