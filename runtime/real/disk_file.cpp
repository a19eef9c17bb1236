#include "runtime/real/disk_file.h"

#include "runtime/check.h"
#include "runtime/real/kernel_error.h"
#include "runtime/real/page_cache.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace verdikt::runtime::real {

namespace {

/// How far beyond a read the kernel may be reading as well.
constexpr std::uint64_t read_ahead_max = 1024 * 1024;

std::uint64_t total_size(std::span<const const_bytes> pieces) {
    std::uint64_t sum = 0;
    for (const const_bytes piece : pieces) sum += piece.size();
    return sum;
}

std::optional<errc> cut(int file, std::uint64_t size) {
    while (::ftruncate(file, static_cast<off_t>(size)) != 0) {
        if (errno != EINTR) return file_error(errno);
    }
    return std::nullopt;
}

}  // namespace

disk_file::disk_file(disk_worker& worker, descriptor open, std::uint64_t number)
    : worker_(worker), open_(std::move(open)), number_(number) {}

disk_file::~disk_file() {
    worker_.call_later(
        number_, [open = std::make_shared<descriptor>(std::move(open_))] { *open = descriptor(); });
}

awaitable<std::expected<std::size_t, errc>> disk_file::read_at(std::uint64_t position,
                                                               mutable_bytes into) {
    std::size_t done = 0;
    if (cache_can_tell_) {
        const auto found = read_from_page_cache(file_descriptor(), position, into);
        cache_can_tell_ = found.has_value();
        done = found.value_or(0);
    }
    if (done == into.size() || position + done >= size()) co_return done;
    const auto rest = co_await read_from_disk(position + done, into.subspan(done));
    if (!rest.has_value()) co_return rest;
    co_return done + *rest;
}

awaitable<std::expected<std::size_t, errc>> disk_file::read_from_disk(std::uint64_t position,
                                                                      mutable_bytes into) {
    disk_request request{.what = disk_request::kind::read,
                         .file_descriptor = file_descriptor(),
                         .file_number = number_,
                         .position = position,
                         .into = into,
                         .size = into.size()};
    const range reading{.begin = position, .end = position + into.size() + read_ahead_max};
    being_read_.push_back(reading);
    worker_.submit(request);
    co_await request.done.wait_uncancellable();
    being_read_.erase(std::ranges::find(being_read_, reading));
    if (request.error.has_value()) co_return std::unexpected(*request.error);
    co_return request.transferred;
}

awaitable<std::expected<void, errc>> disk_file::write_at(std::uint64_t position,
                                                         std::span<const const_bytes> pieces) {
    disk_request request{.what = disk_request::kind::write,
                         .file_descriptor = file_descriptor(),
                         .file_number = number_,
                         .position = position,
                         .pieces = pieces,
                         .size = total_size(pieces)};
    worker_.submit(request);
    co_await request.done.wait_uncancellable();
    if (request.error.has_value()) co_return std::unexpected(*request.error);
    co_return std::expected<void, errc>();
}

awaitable<std::expected<void, errc>> disk_file::sync() {
    if (sync_failed_) co_return std::unexpected(errc::io_error);
    disk_request request{.what = disk_request::kind::sync,
                         .file_descriptor = file_descriptor(),
                         .file_number = number_};
    worker_.submit(request);
    co_await request.done.wait_uncancellable();
    if (!request.error.has_value()) co_return std::expected<void, errc>();
    sync_failed_ = true;
    co_return std::unexpected(*request.error);
}

awaitable<std::expected<void, errc>> disk_file::truncate(std::uint64_t size) {
    std::optional<errc> error;
    disk_request request{.file_number = number_,
                         .call = [this, size, &error] { error = cut(file_descriptor(), size); }};
    worker_.submit(request);
    co_await request.done.wait_uncancellable();
    if (error.has_value()) co_return std::unexpected(*error);
    co_return std::expected<void, errc>();
}

std::uint64_t disk_file::size() const {
    struct stat status{};
    CHECK(::fstat(file_descriptor(), &status) == 0);
    return static_cast<std::uint64_t>(status.st_size);
}

bool disk_file::is_cached(std::uint64_t position, std::uint64_t size) const {
    const bool arriving = std::ranges::any_of(being_read_, [position, size](const range& reading) {
        return position < reading.end && reading.begin < position + size;
    });
    return !arriving && in_page_cache(file_descriptor(), position, size);
}

}  // namespace verdikt::runtime::real
