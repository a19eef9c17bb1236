#include "broker/quorum/snapshot_files.h"

#include "broker/raft/wire/stored_names.h"
#include "broker/storage/segment_files.h"
#include "broker/storage/small_file.h"
#include "runtime/check.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace verdikt::broker::quorum {
namespace {

using removal = std::expected<void, runtime::errc>;

constexpr std::string_view part_suffix = ".part";

}  // namespace

std::filesystem::path snapshot_files::path_of(raft::snapshot_id id) const {
    return directory_ / raft::wire::snapshot_file_name(id);
}

std::filesystem::path snapshot_files::part_of(raft::snapshot_id id) const {
    std::filesystem::path path = path_of(id);
    path += part_suffix;
    return path;
}

file_result<std::vector<raft::stored_snapshot>> snapshot_files::find() {
    const auto entries = co_await files_.list(directory_);
    if (!entries) co_return std::unexpected(entries.error());
    std::vector<raft::stored_snapshot> found;
    for (const runtime::directory_entry& entry : *entries) {
        const auto id = raft::wire::snapshot_from_file_name(entry.name);
        if (id) found.push_back({*id, static_cast<std::int64_t>(entry.size)});
    }
    std::ranges::sort(found, {}, [](const raft::stored_snapshot& each) { return each.id.end; });
    co_return found;
}

file_result<> snapshot_files::clear_parts() {
    const auto entries = co_await files_.list(directory_);
    if (!entries) co_return std::unexpected(entries.error());
    for (const runtime::directory_entry& entry : *entries) {
        if (!entry.name.ends_with(part_suffix)) continue;
        const auto removed = co_await storage::remove_if_present(files_, directory_ / entry.name);
        if (!removed) co_return removed;
    }
    co_return removal();
}

file_result<> snapshot_files::write(raft::snapshot_id id, std::vector<std::byte> bytes) {
    co_return co_await storage::replace_file(files_, path_of(id), std::move(bytes));
}

file_result<std::vector<std::byte>> snapshot_files::read(raft::snapshot_id id) {
    co_return co_await storage::read_file(files_, path_of(id));
}

file_result<std::vector<std::byte>> snapshot_files::read_part(raft::snapshot_id id,
                                                              std::uint64_t position,
                                                              std::size_t size_max) {
    const auto opened = co_await files_.open(path_of(id), runtime::open_mode::read);
    if (!opened) co_return std::unexpected(opened.error());
    const std::uint64_t size = (*opened)->size();
    const std::uint64_t left = position < size ? size - position : 0;
    std::vector<std::byte> bytes(std::min<std::uint64_t>(left, size_max));
    const auto got = co_await (*opened)->read_at(position, bytes);
    if (!got) co_return std::unexpected(got.error());
    bytes.resize(*got);
    co_return bytes;
}

file_result<> snapshot_files::remove_before(raft::offset end) {
    const auto found = co_await find();
    if (!found) co_return std::unexpected(found.error());
    for (const raft::stored_snapshot& each : *found) {
        if (each.id.end >= end) continue;
        const auto removed = co_await storage::remove_if_present(files_, path_of(each.id));
        if (!removed) co_return removed;
    }
    co_return removal();
}

file_result<> snapshot_files::write_part(raft::snapshot_id id,
                                         std::uint64_t position,
                                         raft::payload bytes) {
    if (position == 0) {
        auto opened = co_await files_.open(part_of(id), runtime::open_mode::create);
        if (!opened) co_return std::unexpected(opened.error());
        part_ = std::move(*opened);
        const auto emptied = co_await part_->truncate(0);
        if (!emptied) co_return emptied;
    }
    CHECK(part_ != nullptr, "the middle of a snapshot without its beginning");
    const runtime::const_bytes piece = *bytes;
    co_return co_await part_->write_at(position, {&piece, 1});
}

file_result<> snapshot_files::finish_part(raft::snapshot_id id) {
    CHECK(part_ != nullptr, "no snapshot is being fetched");
    const auto synced = co_await part_->sync();
    if (!synced) co_return synced;
    part_.reset();
    const auto renamed = co_await files_.rename(part_of(id), path_of(id));
    if (!renamed) co_return renamed;
    co_return co_await files_.sync_directory(directory_);
}

file_result<> snapshot_files::abandon_part(raft::snapshot_id id) {
    part_.reset();
    co_return co_await storage::remove_if_present(files_, part_of(id));
}

}  // namespace verdikt::broker::quorum
