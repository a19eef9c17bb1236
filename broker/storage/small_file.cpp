#include "broker/storage/small_file.h"

#include <algorithm>
#include <span>

namespace verdikt::broker::storage {

namespace {

using written_file = std::expected<std::unique_ptr<runtime::file>, runtime::errc>;

runtime::awaitable<written_file> write_new(runtime::file_system& files,
                                           std::filesystem::path path,
                                           runtime::const_bytes content) {
    auto opened = co_await files.open(path, runtime::open_mode::create);
    if (!opened) co_return opened;
    runtime::file& file = **opened;
    // A crash may have left one behind.
    const auto emptied = co_await file.truncate(0);
    if (!emptied) co_return std::unexpected(emptied.error());
    const auto written = co_await file.write_at(0, {&content, 1});
    if (!written) co_return std::unexpected(written.error());
    co_return opened;
}

}  // namespace

runtime::awaitable<std::expected<void, runtime::errc>> replace_file(
    runtime::file_system& files, std::filesystem::path path, std::vector<std::byte> content) {
    std::filesystem::path temporary = path;
    temporary += temporary_suffix;
    const auto written = co_await write_new(files, temporary, content);
    if (!written) co_return std::unexpected(written.error());
    if (const auto synced = co_await (*written)->sync(); !synced) co_return synced;
    const auto renamed = co_await files.rename(temporary, path);
    if (!renamed) co_return renamed;
    co_return co_await files.sync_directory(path.parent_path());
}

runtime::awaitable<std::expected<void, runtime::errc>> replace_file(runtime::file_system& files,
                                                                    std::filesystem::path path,
                                                                    std::string content) {
    const auto bytes = std::as_bytes(std::span(content));
    co_return co_await replace_file(
        files, std::move(path), std::vector<std::byte>(bytes.begin(), bytes.end()));
}

runtime::awaitable<std::expected<void, runtime::errc>> write_file(runtime::file_system& files,
                                                                  std::filesystem::path path,
                                                                  std::string content) {
    const auto written =
        co_await write_new(files, std::move(path), std::as_bytes(std::span(content)));
    if (!written) co_return std::unexpected(written.error());
    co_return std::expected<void, runtime::errc>();
}

runtime::awaitable<std::expected<std::vector<std::byte>, runtime::errc>> read_file(
    runtime::file_system& files, std::filesystem::path path) {
    auto opened = co_await files.open(path, runtime::open_mode::read);
    if (!opened) co_return std::unexpected(opened.error());
    std::vector<std::byte> content((*opened)->size());
    const auto got = co_await (*opened)->read_at(0, content);
    if (!got) co_return std::unexpected(got.error());
    content.resize(*got);
    co_return content;
}

runtime::awaitable<std::expected<std::string, runtime::errc>> read_text_file(
    runtime::file_system& files, std::filesystem::path path) {
    const auto bytes = co_await read_file(files, std::move(path));
    if (!bytes) co_return std::unexpected(bytes.error());
    std::string text(bytes->size(), '\0');
    std::ranges::transform(
        *bytes, text.begin(), [](std::byte byte) { return static_cast<char>(byte); });
    co_return text;
}

}  // namespace verdikt::broker::storage
