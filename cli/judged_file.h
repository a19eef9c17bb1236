/// A history in a file, for the commands that judge one.
#pragma once

#include "checker/history/reader.h"

#include <cstdio>
#include <memory>
#include <string>

namespace verdikt::cli {

/// A file, or standard input where it is named "-". Throws `bad_arguments`.
class judged_file : public checker::history::byte_source {
  public:
    explicit judged_file(const std::string& path);

    std::expected<std::size_t, std::string> read(std::span<char> into) override;

  private:
    struct close {
        void operator()(std::FILE* file) const;
    };
    std::unique_ptr<std::FILE, close> file_;
};

/// Throws `bad_arguments`, naming the place.
[[noreturn]] void refuse_history(const std::string& file,
                                 const checker::history::malformed& problem);

/// Throws `bad_arguments` where it is no history.
[[nodiscard]] std::unique_ptr<checker::history::operation_reader> open_judged_file(
    const std::string& path, judged_file& source);

}  // namespace verdikt::cli
