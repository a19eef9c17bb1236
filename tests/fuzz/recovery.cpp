/// Any bytes as the files of a log directory: recovery makes of them a log that can be read and
/// appended to, and that the next recovery finds again as it was.
///
/// The input is a row of files: a byte that says which one, two bytes for its size (big-endian),
/// its content. With the top bit of the first byte, the batches in it get the checksums they should
/// have, so that mutations reach what lies behind them. A directory that its metadata file does not
/// name is set aside with all that is in it: one is there unless the input says otherwise.
#include "broker/storage/checkpoint_file.h"
#include "broker/storage/log_directory.h"
#include "broker/storage/small_file.h"
#include "broker/storage/stored_log.h"
#include "kafka/buffer_reader.h"
#include "kafka/records/batch.h"
#include "kafka/records/batch_builder.h"
#include "runtime/check.h"
#include "runtime/sim/world.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace verdikt::broker::storage {
namespace {

using runtime::awaitable;

const std::filesystem::path data_directory = "/data";

constexpr std::array names{"topic-0/00000000000000000000.log",
                           "topic-0/00000000000000000000.index",
                           "topic-0/00000000000000000000.timeindex",
                           "topic-0/00000000000000000000.txnindex",
                           "topic-0/00000000000000000000.snapshot",
                           "topic-0/00000000000000000004.log",
                           "topic-0/00000000000000000004.index",
                           "topic-0/00000000000000000004.timeindex",
                           "topic-0/00000000000000000004.snapshot",
                           "topic-0/00000000000000000000.log.swap",
                           "topic-0/00000000000000000004.log.cleaned",
                           "topic-0/leader-epoch-checkpoint",
                           "topic-0/partition.metadata",
                           "recovery-point-offset-checkpoint",
                           "log-start-offset-checkpoint",
                           "replication-offset-checkpoint",
                           "cleaner-offset-checkpoint",
                           ".kafka_cleanshutdown"};

struct given_file {
    std::string_view name;
    std::vector<std::byte> content;
};

void put_checksums_right(std::span<std::byte> log) {
    while (const auto header = kafka::records::parse_batch_header(log)) {
        if (header->size() > log.size()) return;
        kafka::records::store_checksum(log.first(header->size()));
        log = log.subspan(header->size());
    }
}

std::vector<given_file> files_in(std::span<const std::byte> input) {
    constexpr unsigned sound_checksums = 0x80;
    std::vector<given_file> files;
    kafka::buffer_reader reader(input);
    while (reader.remaining() > 0) {
        const unsigned which = reader.read<std::uint8_t>();
        const std::size_t wanted = reader.read<std::uint16_t>();
        if (reader.failed()) break;
        const auto content = reader.read_bytes(std::min(wanted, reader.remaining()));
        files.push_back({.name = names[(which & ~sound_checksums) % names.size()],
                         .content = {content.begin(), content.end()}});
        if ((which & sound_checksums) != 0) put_checksums_right(files.back().content);
    }
    return files;
}

/// What the log of the one partition was found to hold.
struct finding {
    kafka::offset start{0};
    kafka::offset end{0};
    std::vector<std::byte> bytes = {};

    bool operator==(const finding&) const = default;
};

awaitable<finding> look_into(stored_log& log) {
    log.check_invariants();
    finding found{.start = log.log_start(), .end = log.log_end(), .bytes = {}};
    auto all = co_await log.read_bytes(
        {.from = found.start, .max_bytes = std::uint64_t{1} << 20, .bound = found.end});
    CHECK(all.has_value());
    found.bytes = std::move(*all);
    (void)co_await log.offset_for_time(kafka::timestamp(0), found.end);
    (void)co_await log.offset_of_max_timestamp();
    (void)co_await log.aborted_transactions(found.start, found.end);
    co_return found;
}

kafka::topic_partition which() {
    return {.topic = "topic", .partition = kafka::partition_index(0)};
}

/// The log may be too full of offsets for it.
awaitable<void> append_one(partition_log& log) {
    kafka::records::batch_builder builder;
    builder.append({.time = kafka::timestamp(1), .key = {}, .value = {}});
    kafka::records::byte_buffer batch;
    batch.append(builder.build({}, kafka::records::compression::of_this_thread()).value());
    const kafka::offset end = log.log_end();
    const auto appended =
        co_await log.append(batch.bytes(), append_origin::client, log.latest_epoch());
    if (appended) CHECK(log.log_end() == end.next());
}

class lives {
  public:
    explicit lives(std::vector<given_file> files) {
        node_.start([files = std::move(files)](runtime::environment& world) -> awaitable<void> {
            (void)co_await world.files().create_directories(data_directory / "topic-0");
            (void)co_await replace_file(world.files(),
                                        data_directory / "topic-0/partition.metadata",
                                        print_partition_metadata(kafka::uuid()));
            for (const given_file& each : files) {
                (void)co_await replace_file(
                    world.files(), data_directory / each.name, each.content);
            }
        });
        universe_.run(node_.until_stopped());
    }

    /// Recovers and looks; then appends a record and stops in good order, or is killed. Finds
    /// nothing where the log was set aside.
    finding live(bool killed) {
        finding found;
        node_.start([&](runtime::environment& world) -> awaitable<void> {
            auto opened = co_await log_directory::open(world, data_directory, {.cluster_id = "x"});
            CHECK(opened.has_value(), "recovery failed: {}", describe(opened.error()));
            const auto log = (*opened)->partition(which());
            if (log != nullptr) found = co_await look_into(dynamic_cast<stored_log&>(*log));
            if (killed) {
                node_.crash();
            } else if (log != nullptr) {
                co_await append_one(*log);
            }
            co_await (*opened)->stop();
        });
        universe_.run(node_.until_stopped());
        if (node_.failure()) std::rethrow_exception(node_.failure());
        return found;
    }

  private:
    runtime::sim::world universe_{1};
    runtime::sim::node& node_ = universe_.add_node("broker");
};

void check(std::span<const std::byte> input) {
    const std::vector<given_file> files = files_in(input);
    lives node(files);
    // What the mark of a clean shutdown vouches for is believed; only the next life looks.
    const bool vouched = std::ranges::find(files, names.back(), &given_file::name) != files.end();
    if (vouched) (void)node.live(true);
    const finding first = node.live(true);
    const finding second = node.live(false);
    CHECK(first == second, "recovered to {} and then to {}", first.end, second.end);
    const finding third = node.live(true);
    CHECK(third.start == second.start && third.end >= second.end);
}

}  // namespace
}  // namespace verdikt::broker::storage

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    verdikt::broker::storage::check(std::as_bytes(std::span(data, size)));
    return 0;
}
