#include "broker/server/state_file.h"

#include <span>

namespace verdikt::broker::server {

namespace {

runtime::awaitable<std::expected<void, runtime::errc>> write_and_sync(runtime::environment& world,
                                                                      std::filesystem::path path,
                                                                      std::string content) {
    auto opened = co_await world.files().open(std::move(path), runtime::open_mode::create);
    if (!opened) co_return std::unexpected(opened.error());
    runtime::file& file = **opened;
    if (auto emptied = co_await file.truncate(0); !emptied) co_return emptied;
    const runtime::const_bytes piece = std::as_bytes(std::span(content));
    auto written = co_await file.write_at(0, std::span(&piece, 1));
    if (!written) co_return written;
    co_return co_await file.sync();
}

}  // namespace

runtime::awaitable<std::expected<void, runtime::errc>> replace_file(runtime::environment& world,
                                                                    std::filesystem::path path,
                                                                    std::string content) {
    std::filesystem::path temporary = path;
    temporary += ".tmp";
    auto written = co_await write_and_sync(world, temporary, std::move(content));
    if (!written) co_return written;
    auto renamed = co_await world.files().rename(temporary, path);
    if (!renamed) co_return renamed;
    co_return co_await world.files().sync_directory(path.parent_path());
}

runtime::awaitable<std::expected<std::optional<std::string>, runtime::errc>> read_file(
    runtime::environment& world, std::filesystem::path path) {
    auto opened = co_await world.files().open(std::move(path), runtime::open_mode::read);
    if (!opened && opened.error() == runtime::errc::not_found) co_return std::nullopt;
    if (!opened) co_return std::unexpected(opened.error());
    std::string content((*opened)->size(), '\0');
    const auto read = co_await (*opened)->read_at(0, std::as_writable_bytes(std::span(content)));
    if (!read) co_return std::unexpected(read.error());
    content.resize(*read);
    co_return content;
}

}  // namespace verdikt::broker::server
