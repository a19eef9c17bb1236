/// A fresh folder, which is removed with all that is in it.
#pragma once

#include <filesystem>
#include <string_view>

namespace verdikt::runtime::real {

class temporary_folder {
  public:
    /// `purpose` becomes part of its name. Throws std::system_error if it cannot be made.
    explicit temporary_folder(std::string_view purpose);
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;
    ~temporary_folder();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace verdikt::runtime::real
