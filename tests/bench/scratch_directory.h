/// A directory for the files of one measurement, gone with everything in it when the object dies.
#pragma once

#include <filesystem>

namespace verdikt::bench {

class scratch_directory {
  public:
    /// Under TMPDIR, or /var/tmp: /tmp is memory on many machines. Throws if it cannot be made.
    scratch_directory();
    scratch_directory(const scratch_directory&) = delete;
    scratch_directory& operator=(const scratch_directory&) = delete;
    ~scratch_directory();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace verdikt::bench
