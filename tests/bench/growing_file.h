/// A log reduced to its file: bytes are put at its end, and a new file is begun when one is as
/// large as a segment. What writing costs at the least.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace verdikt::bench {

class growing_file {
  public:
    /// The files are called as `path`, with a number behind.
    explicit growing_file(std::filesystem::path path);
    growing_file(const growing_file&) = delete;
    growing_file& operator=(const growing_file&) = delete;
    ~growing_file();

    void append(std::span<const std::byte> bytes);
    /// By fdatasync.
    void sync();

  private:
    void begin();

    std::filesystem::path path_;
    int number_ = 0;
    int file_ = -1;
    std::size_t size_ = 0;
};

/// Lets the page cache take `size` bytes, and drops them. On a virtual machine whose host lends it
/// memory on first use, a page that was never used costs ten times as much to write as one that
/// was; this makes the guest own what the next seconds will use.
void warm_page_cache(const std::filesystem::path& directory, std::size_t size);

}  // namespace verdikt::bench
