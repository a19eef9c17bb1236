/// Where a local cluster keeps its files.
#pragma once

#include "runtime/real/temporary_folder.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::cli {

/// The folder that the user named, or a fresh temporary one, which is removed with all that is in
/// it.
class cluster_folder {
  public:
    /// `named` may be empty. Throws std::system_error if it cannot be made.
    explicit cluster_folder(const std::string& named);

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::optional<runtime::real::temporary_folder> temporary_;
    std::filesystem::path path_;
};

/// The end of a text file; nothing if it cannot be read.
[[nodiscard]] std::vector<std::string> last_lines(const std::filesystem::path& file,
                                                  std::size_t count);

}  // namespace verdikt::cli
