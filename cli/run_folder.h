/// Where a trial is kept: `store/<test>/<time>/`, and `latest` links beside it and above it.
#pragma once

#include "checker/history/reader.h"
#include "runtime/clock.h"
#include "runtime/real/descriptor.h"
#include "workloads/recorder/recorder.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace verdikt::cli {

/// Makes the folder. Throws std::runtime_error if it cannot be made.
[[nodiscard]] std::filesystem::path make_run_folder(const std::filesystem::path& store,
                                                    const std::string& test,
                                                    runtime::wall_instant now);

/// Throws std::runtime_error if it cannot be written.
void write_file(const std::filesystem::path& path, std::string_view content);

/// Gives every line to the kernel as it comes, so that it is there whatever becomes of us.
class history_file final : public workloads::line_sink {
  public:
    /// Throws std::runtime_error if it cannot be made.
    explicit history_file(std::filesystem::path path);

    void append(std::string_view line) override;
    /// A line could not be written, and what came after is not there either.
    [[nodiscard]] bool failed() const { return failed_; }

  private:
    runtime::real::descriptor file_;
    bool failed_ = false;
};

/// A file that is read from its beginning. One that cannot be read is malformed at once.
class file_bytes final : public checker::history::byte_source {
  public:
    explicit file_bytes(const std::filesystem::path& path);
    [[nodiscard]] std::expected<std::size_t, std::string> read(std::span<char> into) override;

  private:
    runtime::real::descriptor file_;
};

}  // namespace verdikt::cli
