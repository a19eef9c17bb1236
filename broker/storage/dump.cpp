#include "broker/storage/dump.h"

#include "broker/storage/small_file.h"

#include <limits>
#include <utility>

namespace verdikt::broker::storage {

namespace {

template <typename T>
std::expected<dumped_file, errc> or_corrupt(std::optional<T> decoded) {
    if (!decoded) return std::unexpected(errc::corrupt);
    return dumped_file(std::move(*decoded));
}

std::string_view text_of(const std::vector<std::byte>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::expected<dumped_file, errc> decode_log_file(const log_file_name& name,
                                                 std::span<const std::byte> bytes) {
    switch (name.kind) {
        case file_kind::offset_index:
            return or_corrupt(
                offset_index::decode(name.base, bytes, std::numeric_limits<std::uint64_t>::max()));
        case file_kind::time_index:
            return or_corrupt(time_index::decode(name.base, bytes));
        case file_kind::transaction_index:
            return or_corrupt(transaction_index::decode(bytes));
        case file_kind::producer_snapshot: {
            auto entries = decode_snapshot_entries(bytes);
            if (!entries) return std::unexpected(entries.error());
            return dumped_file(dumped_snapshot{.at = name.base, .entries = std::move(*entries)});
        }
        case file_kind::log:
            break;
    }
    return std::unexpected(errc::corrupt);
}

}  // namespace

segment_reader::segment_reader(std::shared_ptr<runtime::file> file, kafka::offset base)
    : size_(file->size()),
      scanner_(
          file, {.begin = 0, .end = size_, .base = base}, batch_scanner::depth::whole_batches) {}

runtime::awaitable<std::expected<segment_reader, runtime::errc>> segment_reader::open(
    runtime::file_system& files, std::filesystem::path log_file) {
    const auto name = parse_log_file_name(log_file.filename().string());
    auto opened = co_await files.open(std::move(log_file), runtime::open_mode::read);
    if (!opened) co_return std::unexpected(opened.error());
    co_return segment_reader(std::move(*opened), name ? name->base : kafka::offset(0));
}

runtime::awaitable<std::expected<dumped_file, errc>> dump_file(runtime::file_system& files,
                                                               std::filesystem::path path) {
    const std::string name = path.filename().string();
    const auto bytes = co_await read_file(files, std::move(path));
    if (!bytes) {
        co_return std::unexpected(bytes.error() == runtime::errc::not_found ? errc::not_found
                                                                            : errc::offline);
    }
    if (name == epoch_checkpoint_name) {
        co_return or_corrupt(parse_epoch_checkpoint(text_of(*bytes)));
    }
    if (name.ends_with("-offset-checkpoint")) {
        co_return or_corrupt(parse_offset_checkpoint(text_of(*bytes)));
    }
    const auto parsed = parse_log_file_name(name);
    if (!parsed) co_return std::unexpected(errc::corrupt);
    co_return decode_log_file(*parsed, *bytes);
}

}  // namespace verdikt::broker::storage
