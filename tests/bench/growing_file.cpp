#include "growing_file.h"

#include "system_failure.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

namespace verdikt::bench {

namespace {

/// log.segment.bytes
constexpr std::size_t segment_size = std::size_t{1} << 30;

}  // namespace

growing_file::growing_file(std::filesystem::path path) : path_(std::move(path)) {
    begin();
}

growing_file::~growing_file() {
    ::close(file_);
}

void growing_file::begin() {
    if (file_ >= 0) ::close(file_);
    const std::string name = path_.string() + "." + std::to_string(number_++);
    file_ = ::open(name.c_str(), O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0600);
    if (file_ < 0) fail("open");
    size_ = 0;
}

void growing_file::append(std::span<const std::byte> bytes) {
    if (size_ + bytes.size() > segment_size) begin();
    const ssize_t count = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (count != static_cast<ssize_t>(bytes.size())) fail("pwrite");
    size_ += bytes.size();
}

void growing_file::sync() {
    if (::fdatasync(file_) != 0) fail("fdatasync");
}

void warm_page_cache(const std::filesystem::path& directory, std::size_t size) {
    const std::filesystem::path folder = directory / "warm";
    std::filesystem::create_directory(folder);
    growing_file file(folder / "file");
    const std::vector<std::byte> piece(std::size_t{1} << 20);
    for (std::size_t written = 0; written < size; written += piece.size()) file.append(piece);
    std::filesystem::remove_all(folder);
}

}  // namespace verdikt::bench
