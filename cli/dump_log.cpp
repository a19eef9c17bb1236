/// `verdikt dump-log`: prints what is in the files of a log, as kafka-dump-log does.
///
/// Reads alone and takes no lock, so it may look at the files of a running broker.
#include "broker/storage/batch_scanner.h"
#include "broker/storage/checkpoint_file.h"
#include "broker/storage/file_names.h"
#include "broker/storage/offset_index.h"
#include "broker/storage/producer_table.h"
#include "broker/storage/small_file.h"
#include "broker/storage/time_index.h"
#include "broker/storage/transaction_index.h"
#include "cli/subcommands.h"
#include "cli/tool.h"
#include "client/record.h"
#include "kafka/records/record.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

namespace verdikt::cli {

namespace {

namespace records = kafka::records;
namespace storage = broker::storage;

struct dump_log_options {
    std::string files;
    bool print_data = false;
    bool deep = false;
    bool skip_record_metadata = false;
};

/// A batch of more than this once uncompressed is not printed: its size is the sender's word.
constexpr std::size_t uncompressed_bytes_max = std::size_t{256} << 20U;

std::string_view time_name(const records::batch_header& header) {
    return header.attributes.timestamps() == records::timestamp_type::log_append_time
               ? "LogAppendTime"
               : "CreateTime";
}

std::string batch_line(const storage::scanned_batch& batch, bool valid) {
    const records::batch_header& header = batch.header;
    const auto codec = header.attributes.compression_codec();
    const bool numbered = header.has_producer_id() && header.base_sequence.value() >= 0;
    return fmt::format(
        "baseOffset: {} lastOffset: {} count: {} baseSequence: {} lastSequence: {} producerId: {} "
        "producerEpoch: {} partitionLeaderEpoch: {} isTransactional: {} isControl: {} "
        "deleteHorizonMs: {} position: {} {}: {} size: {} magic: {} compresscodec: {} crc: {} "
        "isvalid: {}",
        header.base_offset,
        header.last_offset(),
        header.record_count,
        header.base_sequence.value(),
        numbered ? header.last_sequence().value() : -1,
        header.producer_id,
        header.producer_epoch,
        header.epoch,
        header.attributes.is_transactional(),
        header.attributes.is_control(),
        header.attributes.has_delete_horizon() ? fmt::format("{}", header.base_timestamp) : "none",
        batch.position,
        time_name(header),
        header.max_timestamp,
        header.size(),
        header.magic,
        codec ? records::name_of(*codec) : "unknown",
        header.crc,
        valid);
}

std::string record_line(const records::batch_header& header,
                        const records::record_view& record,
                        const dump_log_options& options) {
    const auto size_of = [](const records::nullable_bytes& bytes) {
        return bytes ? static_cast<std::int64_t>(bytes->size()) : -1;
    };
    std::string line = "|";
    if (!options.skip_record_metadata) {
        std::vector<std::string_view> header_keys;
        for (const auto& item : record.headers) header_keys.push_back(item.key);
        const bool numbered = header.has_producer_id() && header.base_sequence.value() >= 0;
        line += fmt::format(
            " offset: {} {}: {} keySize: {} valueSize: {} sequence: {} headerKeys: [{}]",
            record.offset_in(header),
            time_name(header),
            record.timestamp_in(header),
            size_of(record.key),
            size_of(record.value),
            numbered ? header.base_sequence.plus(record.offset_delta).value() : -1,
            fmt::join(header_keys, ","));
    }
    if (options.print_data) {
        if (record.key) line += fmt::format(" key: {}", client::as_text(*record.key));
        if (record.value) line += fmt::format(" payload: {}", client::as_text(*record.value));
    }
    return line;
}

/// What keeps the records from being read, if anything.
std::optional<std::string> print_records(const records::batch_view& batch,
                                         const dump_log_options& options) {
    records::compression codecs;
    records::byte_buffer scratch;
    const auto payload =
        records::uncompressed_payload(batch, codecs, uncompressed_bytes_max, scratch);
    if (!payload) return std::string(describe(payload.error()));
    const records::batch_header header = batch.header();
    records::record_reader reader(*payload, header.record_count);
    while (!reader.done()) {
        const auto record = reader.next();
        if (!record) return std::string(describe(record.error()));
        fmt::print("{}\n", record_line(header, *record, options));
    }
    return std::nullopt;
}

template <typename T>
T readable(std::expected<T, runtime::errc> result, const std::filesystem::path& path) {
    if (!result) {
        throw tool_failure(fmt::format("{}: {}", path.string(), runtime::describe(result.error())));
    }
    return std::move(*result);
}

template <typename T>
T intact(std::optional<T> decoded, const std::filesystem::path& path, std::string_view kind) {
    if (!decoded) throw tool_failure(fmt::format("{} is no {}", path.string(), kind));
    return std::move(*decoded);
}

runtime::awaitable<void> dump_segment(runtime::environment& world,
                                      std::filesystem::path path,
                                      kafka::offset base,
                                      const dump_log_options& options) {
    std::shared_ptr<runtime::file> file =
        readable(co_await world.files().open(path, runtime::open_mode::read), path);
    fmt::print("Log starting offset: {}\n", base);
    storage::batch_scanner scanner(file,
                                   {.begin = 0, .end = file->size(), .base = base},
                                   storage::batch_scanner::depth::whole_batches);
    while (const auto batch = readable(co_await scanner.next(), path)) {
        fmt::print("{}\n", batch_line(*batch, true));
        if (!options.print_data && !options.deep) continue;
        const auto view = records::batch_view::parse(batch->bytes);
        const auto damage = view ? print_records(*view, options) : std::nullopt;
        if (damage) fmt::print("| unreadable: {}\n", *damage);
    }
    if (!scanner.damage().empty()) {
        throw tool_failure(fmt::format(
            "{}: damaged at position {}: {}", path.string(), scanner.position(), scanner.damage()));
    }
}

void dump_offset_index(const storage::offset_index& index) {
    for (const auto& entry : index.entries()) {
        fmt::print(
            "offset: {} position: {}\n", index.base() + entry.relative_offset, entry.position);
    }
}

void dump_time_index(const storage::time_index& index) {
    for (const auto& entry : index.entries()) {
        fmt::print("timestamp: {} offset: {}\n", entry.time, index.offset_of(entry));
    }
}

void dump_transaction_index(const storage::transaction_index& index) {
    for (const auto& entry : index.entries()) {
        fmt::print(
            "version: 0 producerId: {} firstOffset: {} lastOffset: {} lastStableOffset: {}\n",
            entry.producer,
            entry.first_offset,
            entry.marker_offset,
            entry.last_stable_offset);
    }
}

void dump_snapshot(const std::vector<storage::snapshot_entry>& entries) {
    for (const auto& entry : entries) {
        fmt::print(
            "producerId: {} producerEpoch: {} coordinatorEpoch: {} currentTxnFirstOffset: {} "
            "lastTimestamp: {} lastSequence: {} lastOffset: {} offsetDelta: {}\n",
            entry.producer,
            entry.epoch,
            entry.coordinator_epoch,
            entry.transaction_start,
            entry.time,
            entry.last_sequence.value(),
            entry.last_offset,
            entry.offset_delta);
    }
}

runtime::awaitable<void> dump_small_file(runtime::environment& world,
                                         std::filesystem::path path,
                                         storage::log_file_name name) {
    const std::vector<std::byte> bytes =
        readable(co_await storage::read_file(world.files(), path), path);
    switch (name.kind) {
        case storage::file_kind::offset_index:
            dump_offset_index(intact(
                storage::offset_index::decode(name.base, bytes, UINT32_MAX), path, "offset index"));
            break;
        case storage::file_kind::time_index:
            dump_time_index(
                intact(storage::time_index::decode(name.base, bytes), path, "time index"));
            break;
        case storage::file_kind::transaction_index:
            dump_transaction_index(
                intact(storage::transaction_index::decode(bytes), path, "transaction index"));
            break;
        case storage::file_kind::producer_snapshot: {
            const auto entries = storage::decode_snapshot_entries(bytes);
            if (!entries) throw tool_failure(path.string() + " is no producer snapshot");
            dump_snapshot(*entries);
            break;
        }
        case storage::file_kind::log:
            CHECK(false, "a segment is no small file");
    }
}

runtime::awaitable<void> dump_epochs(runtime::environment& world, std::filesystem::path path) {
    const std::string text = readable(co_await storage::read_text_file(world.files(), path), path);
    const auto epochs = intact(storage::parse_epoch_checkpoint(text), path, "epoch checkpoint");
    for (const auto& epoch : epochs) {
        fmt::print("epoch: {} startOffset: {}\n", epoch.epoch, epoch.start);
    }
}

runtime::awaitable<void> dump_file(runtime::environment& world,
                                   std::filesystem::path path,
                                   const dump_log_options& options) {
    fmt::print("Dumping {}\n", path.string());
    const std::string file_name = path.filename().string();
    if (file_name == storage::epoch_checkpoint_name) {
        co_await dump_epochs(world, path);
        co_return;
    }
    const auto name = storage::parse_log_file_name(file_name);
    if (!name) {
        throw tool_failure(fmt::format(
            "{}: not a file of a log (.log, .index, .timeindex, .txnindex, .snapshot or {})",
            path.string(),
            storage::epoch_checkpoint_name));
    }
    if (name->kind == storage::file_kind::log) {
        co_await dump_segment(world, path, name->base, options);
    } else {
        co_await dump_small_file(world, path, *name);
    }
}

runtime::awaitable<int> dump_all(runtime::environment& world, const dump_log_options& options) {
    std::size_t from = 0;
    while (from <= options.files.size()) {
        const std::size_t comma = std::min(options.files.find(',', from), options.files.size());
        co_await dump_file(world, options.files.substr(from, comma - from), options);
        from = comma + 1;
    }
    co_return 0;
}

}  // namespace

action declare_dump_log(flags& app) {
    const auto options = std::make_shared<dump_log_options>();
    app.add_option("--files", options->files, "file,file of a partition's directory").required();
    app.add_flag("--print-data-log", options->print_data, "print keys and values");
    app.add_flag("--deep-iteration", options->deep, "print a line a record");
    app.add_flag("--skip-record-metadata", options->skip_record_metadata, "only keys and values");
    return [options] {
        return run_tool([&](runtime::real::world& world) { return dump_all(world, *options); });
    };
}

}  // namespace verdikt::cli
