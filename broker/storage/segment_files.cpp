#include "broker/storage/segment_files.h"

#include "broker/storage/batch_scanner.h"
#include "broker/storage/small_file.h"
#include "runtime/check.h"

#include <array>
#include <span>
#include <utility>

namespace verdikt::broker::storage {

namespace {

constexpr std::array<file_kind, 5> all_kinds{file_kind::log,
                                             file_kind::offset_index,
                                             file_kind::time_index,
                                             file_kind::transaction_index,
                                             file_kind::producer_snapshot};

std::filesystem::path path_of(const std::filesystem::path& directory,
                              kafka::offset base,
                              file_kind kind,
                              file_state state = file_state::valid) {
    return directory / to_string({.base = base, .kind = kind, .state = state});
}

// Under another name first: below the recovery point an index is believed, so none may be torn. The
// caller syncs the directory.
file_result<> write_index(runtime::file_system& files,
                          std::filesystem::path path,
                          std::vector<std::byte> content) {
    std::filesystem::path temporary = path;
    temporary += temporary_suffix;
    auto opened = co_await files.open(temporary, runtime::open_mode::create);
    if (!opened) co_return std::unexpected(opened.error());
    const auto emptied = co_await (*opened)->truncate(0);
    if (!emptied) co_return emptied;
    const runtime::const_bytes piece = content;
    const auto written = co_await (*opened)->write_at(0, {&piece, 1});
    if (!written) co_return written;
    const auto synced = co_await (*opened)->sync();
    if (!synced) co_return synced;
    co_return co_await files.rename(std::move(temporary), std::move(path));
}

enum class found_indexes { believed, not_believed, none };

file_result<found_indexes> read_indexes(runtime::file_system& files, segment_ptr which) {
    const auto offsets = co_await read_file(files, path_of(*which, file_kind::offset_index));
    const bool no_offsets = !offsets && offsets.error() == runtime::errc::not_found;
    if (!offsets && !no_offsets) co_return std::unexpected(offsets.error());
    const auto times = co_await read_file(files, path_of(*which, file_kind::time_index));
    const bool no_times = !times && times.error() == runtime::errc::not_found;
    if (!times && !no_times) co_return std::unexpected(times.error());
    if (no_offsets && no_times) co_return found_indexes::none;
    if (no_offsets || no_times) co_return found_indexes::not_believed;
    auto decoded_offsets = offset_index::decode(which->base, *offsets, which->log->size());
    auto decoded_times = time_index::decode(which->base, *times);
    if (!decoded_offsets || !decoded_times) co_return found_indexes::not_believed;
    which->offsets = std::move(decoded_offsets);
    which->times = std::move(decoded_times);
    co_return found_indexes::believed;
}

// Absent means empty. False if the file is not to be believed.
file_result<bool> read_transaction_index(runtime::file_system& files, segment_ptr which) {
    const auto bytes = co_await read_file(files, path_of(*which, file_kind::transaction_index));
    if (!bytes && bytes.error() == runtime::errc::not_found) co_return true;
    if (!bytes) co_return std::unexpected(bytes.error());
    auto decoded = transaction_index::decode(*bytes);
    if (decoded) which->aborted = std::move(*decoded);
    co_return decoded.has_value();
}

// The last entry of the time index; nothing if there is none.
file_result<std::optional<time_index::entry>> read_last_time(runtime::file_system& files,
                                                             segment_ptr which) {
    auto opened =
        co_await files.open(path_of(*which, file_kind::time_index), runtime::open_mode::read);
    if (!opened) co_return std::unexpected(opened.error());
    const std::uint64_t size = (*opened)->size();
    if (size < time_index::entry_size) co_return std::nullopt;
    std::array<std::byte, time_index::entry_size> bytes{};
    const auto got = co_await (*opened)->read_at(size - bytes.size(), bytes);
    if (!got) co_return std::unexpected(got.error());
    const auto last = time_index::decode(which->base, bytes);
    if (!last || last->entries().empty()) co_return std::nullopt;
    co_return last->entries().front();
}

// Builds the indexes from the log's headers; the transaction index is kept.
file_result<> index_anew(segment_ptr which, const log_config& config) {
    const std::uint64_t end = which->log->size();
    transaction_index aborted = std::move(which->aborted);
    which->reset();
    which->aborted = std::move(aborted);
    const auto complete = co_await note_until(which, end, config);
    if (!complete) co_return std::unexpected(complete.error());
    co_return std::expected<void, runtime::errc>();
}

// Indexes do not tell it, and rolling by age asks for it.
file_result<> learn_first_timestamp(segment_ptr which) {
    if (which->empty() || which->first_timestamp > kafka::no_timestamp) {
        co_return std::expected<void, runtime::errc>();
    }
    std::array<std::byte, kafka::records::batch_header_size> bytes{};
    const auto got = co_await which->log->read_at(0, bytes);
    if (!got) co_return std::unexpected(got.error());
    const auto first = kafka::records::parse_batch_header({bytes.data(), *got});
    if (first) which->first_timestamp = first->max_timestamp;
    co_return std::expected<void, runtime::errc>();
}

}  // namespace

std::filesystem::path path_of(const segment& which, file_kind kind) {
    return path_of(which.directory, which.base, kind);
}

file_result<segment_ptr> create_segment(runtime::file_system& files,
                                        std::filesystem::path directory,
                                        kafka::offset base,
                                        const log_config& config) {
    auto opened =
        co_await files.open(path_of(directory, base, file_kind::log), runtime::open_mode::create);
    if (!opened) co_return std::unexpected(opened.error());
    std::shared_ptr<runtime::file> log = std::move(*opened);
    if (log->size() > 0) {
        if (const auto cut = co_await log->truncate(0); !cut) {
            co_return std::unexpected(cut.error());
        }
    }
    if (config.preallocate) {
        const auto grown = co_await log->truncate(static_cast<std::uint64_t>(config.segment_bytes));
        if (!grown) co_return std::unexpected(grown.error());
    }
    co_return std::make_shared<segment>(std::move(directory), base, std::move(log));
}

file_result<segment_ptr> open_segment(runtime::file_system& files,
                                      std::filesystem::path directory,
                                      kafka::offset base) {
    auto opened = co_await files.open(path_of(directory, base, file_kind::log),
                                      runtime::open_mode::read_write);
    if (!opened) co_return std::unexpected(opened.error());
    auto made = std::make_shared<segment>(std::move(directory), base, std::move(*opened));
    made->offsets.reset();
    made->times.reset();
    made->size = made->log->size();
    made->written = made->size;
    co_return made;
}

file_result<bool> note_until(segment_ptr which, std::uint64_t end, const log_config& config) {
    batch_scanner scanner(which->log,
                          {.begin = which->size,
                           .end = end,
                           .base = which->base,
                           .lowest_offset = which->next_offset},
                          batch_scanner::depth::headers);
    for (;;) {
        const auto found = co_await scanner.next();
        if (!found) co_return std::unexpected(found.error());
        if (!*found) break;
        which->note((*found)->header, config.index_interval_bytes);
    }
    which->written = which->size;
    const bool complete = scanner.damage().empty();
    const auto learnt = co_await learn_first_timestamp(which);
    if (!learnt) co_return std::unexpected(learnt.error());
    co_return complete;
}

file_result<> load_indexes(runtime::file_system& files,
                           segment_ptr which,
                           const log_config& config) {
    if (which->offsets && which->times) co_return std::expected<void, runtime::errc>();
    const auto found = co_await read_indexes(files, which);
    if (!found) co_return std::unexpected(found.error());
    if (*found == found_indexes::believed) co_return std::expected<void, runtime::errc>();
    // Built aside, because readers look at this segment meanwhile.
    auto scratch = std::make_shared<segment>(which->directory, which->base, which->log);
    const auto built = co_await note_until(scratch, which->size, config);
    if (!built) co_return std::unexpected(built.error());
    scratch->seal();
    which->offsets = std::move(scratch->offsets);
    which->times = std::move(scratch->times);
    co_return std::expected<void, runtime::errc>();
}

file_result<> open_sealed(runtime::file_system& files,
                          segment_ptr which,
                          kafka::offset next_offset,
                          const log_config& config) {
    const auto transactions = co_await read_transaction_index(files, which);
    if (!transactions) co_return std::unexpected(transactions.error());
    const auto last = co_await read_last_time(files, which);
    if (!last && last.error() != runtime::errc::not_found) {
        co_return std::unexpected(last.error());
    }
    which->persisted = last.has_value();
    if (!last) {
        const auto indexed = co_await index_anew(which, config);
        if (!indexed) co_return indexed;
        which->seal();
    } else if (*last) {
        which->max_timestamp = (*last)->time;
        which->max_timestamp_offset = which->base + std::int64_t{(*last)->relative_offset};
    }
    which->next_offset = next_offset;
    which->synced = true;
    co_return std::expected<void, runtime::errc>();
}

file_result<bool> open_active(runtime::file_system& files,
                              segment_ptr which,
                              const log_config& config) {
    const std::uint64_t end = which->log->size();
    const auto transactions = co_await read_transaction_index(files, which);
    if (!transactions) co_return std::unexpected(transactions.error());
    const auto found = co_await read_indexes(files, which);
    if (!found) co_return std::unexpected(found.error());
    if (!*transactions || *found == found_indexes::not_believed) co_return false;
    if (*found == found_indexes::none) {
        if (!which->is_read_at_once()) co_return false;
        which->reset();
    } else {
        which->rewind(kafka::offset(INT64_MAX));
    }
    co_return co_await note_until(which, end, config);
}

file_result<> forget_indexes(runtime::file_system& files, segment_ptr which) {
    bool any = false;
    for (const file_kind kind :
         {file_kind::offset_index, file_kind::time_index, file_kind::transaction_index}) {
        const auto removed = co_await files.remove(path_of(*which, kind));
        if (!removed && removed.error() != runtime::errc::not_found) co_return removed;
        any = any || removed.has_value();
    }
    if (!any) co_return std::expected<void, runtime::errc>();
    co_return co_await files.sync_directory(which->directory);
}

file_result<> persist_indexes(runtime::file_system& files, segment_ptr which) {
    CHECK(which->offsets && which->times);
    // Copies: the log may be cut while the files are written.
    std::vector<std::byte> offsets = which->offsets->encode();
    std::vector<std::byte> times = which->times->encode();
    std::vector<std::byte> aborted = which->aborted.encode();
    auto done =
        co_await write_index(files, path_of(*which, file_kind::offset_index), std::move(offsets));
    if (!done) co_return done;
    done = co_await write_index(files, path_of(*which, file_kind::time_index), std::move(times));
    if (!done) co_return done;
    const std::filesystem::path transactions = path_of(*which, file_kind::transaction_index);
    if (aborted.empty()) co_return co_await remove_if_present(files, transactions);
    co_return co_await write_index(files, transactions, std::move(aborted));
}

file_result<> remove_segment(runtime::file_system& files,
                             std::filesystem::path directory,
                             kafka::offset base) {
    for (const file_kind kind : all_kinds) {
        const auto removed = co_await remove_if_present(files, path_of(directory, base, kind));
        if (!removed) co_return removed;
    }
    co_return std::expected<void, runtime::errc>();
}

file_result<> mark_deleted(runtime::file_system& files,
                           std::filesystem::path directory,
                           kafka::offset base) {
    for (const file_kind kind : all_kinds) {
        const auto renamed = co_await files.rename(
            path_of(directory, base, kind), path_of(directory, base, kind, file_state::deleted));
        if (!renamed && renamed.error() != runtime::errc::not_found) co_return renamed;
    }
    co_return std::expected<void, runtime::errc>();
}

file_result<> remove_if_present(runtime::file_system& files, std::filesystem::path path) {
    const auto removed = co_await files.remove(std::move(path));
    if (!removed && removed.error() == runtime::errc::not_found) {
        co_return std::expected<void, runtime::errc>();
    }
    co_return removed;
}

}  // namespace verdikt::broker::storage
