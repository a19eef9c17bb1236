#include "cli/judged_file.h"

#include "cli/subcommand.h"

#include <fmt/format.h>

namespace verdikt::cli {

judged_file::judged_file(const std::string& path)
    : file_(path == "-" ? stdin : std::fopen(path.c_str(), "rb")) {
    if (!file_) throw bad_arguments(fmt::format("{} cannot be read", path));
}

std::expected<std::size_t, std::string> judged_file::read(std::span<char> into) {
    const std::size_t count = std::fread(into.data(), 1, into.size(), file_.get());
    if (count == 0 && std::ferror(file_.get()) != 0) {
        return std::unexpected("the file cannot be read any further");
    }
    return count;
}

void judged_file::close::operator()(std::FILE* file) const {
    if (file != stdin) static_cast<void>(std::fclose(file));
}

void refuse_history(const std::string& file, const checker::history::malformed& problem) {
    const std::string line = problem.line > 0 ? fmt::format(":{}", problem.line) : "";
    throw bad_arguments(fmt::format("{}{}: {}", file, line, problem.what));
}

std::unique_ptr<checker::history::operation_reader> open_judged_file(const std::string& path,
                                                                     judged_file& source) {
    auto reader = checker::history::open_history(source);
    if (!reader) refuse_history(path, reader.error());
    return std::move(*reader);
}

}  // namespace verdikt::cli
