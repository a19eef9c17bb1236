/// How long a broker takes to start after it was killed, for a GiB of log: once as crashes are,
/// with the checkpoints that it had written, and once with none, so that it has to read and check
/// all of it. The roof for the latter is reading the same bytes and computing their checksum.
#include "growing_file.h"
#include "race.h"
#include "sample_data.h"
#include "sections.h"
#include "server_race.h"
#include "stopwatch.h"

#include "kafka/records/crc32c.h"

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <fstream>

namespace verdikt::bench {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t log_size = std::size_t{1} << 30;
constexpr std::size_t turns = 3;

/// Kills it as soon as it serves.
double start_and_kill(const std::filesystem::path& directory) {
    const auto start = clock::now();
    const server started = start_broker(directory, durability::by_default, placement::anywhere);
    return seconds_since(start);
}

void forget_checkpoints(const std::filesystem::path& directory) {
    std::filesystem::remove(directory / "recovery-point-offset-checkpoint");
    std::filesystem::remove(directory / ".kafka_cleanshutdown");
}

double read_and_check(const std::filesystem::path& directory) {
    const auto start = clock::now();
    std::vector<std::byte> piece(std::size_t{1} << 20);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
        if (entry.path().extension() != ".log") continue;
        const int file = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
        ssize_t count = 0;
        while ((count = ::read(file, piece.data(), piece.size())) > 0) {
            keep(kafka::records::crc32c(bytes(piece).first(static_cast<std::size_t>(count))));
        }
        ::close(file);
    }
    return seconds_since(start);
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

void fill(const std::filesystem::path& directory, std::size_t size) {
    const kafka::records::byte_buffer batch =
        sample_batch(std::size_t{1} << 20, 1024, kafka::records::codec::none);
    const frame request = produce_request_of(batch.bytes(), acknowledged_by::all);
    const server broker = start_broker(directory, durability::by_default, placement::anywhere);
    create_topic(broker, 1);
    wire_load producer(broker.port(), {.connections = 1, .in_flight = 5}, check_produce_answer);
    producer.run({&request, 1}, size / batch.size());
}

void print_line(std::string_view what, double seconds, double gibibytes) {
    fmt::print("    {:<44} {:>10.2f} s/GiB\n", what, seconds / gibibytes);
}

}  // namespace

void run_recovery_section(const settings& settings) {
    const scratch_directory scratch;
    // A test of the benchmark itself has no time for a GiB.
    const std::size_t size = settings.seconds < 0.1 ? log_size / 64 : log_size;
    const double gibibytes = static_cast<double>(size) / static_cast<double>(log_size);
    const auto log = scratch.path() / "log";
    const auto empty = scratch.path() / "empty";
    fill(log, size);
    std::vector<double> nothing;
    std::vector<double> after_kill;
    std::vector<double> from_scratch;
    std::vector<double> bare;
    for (std::size_t turn = 0; turn < turns; ++turn) {
        nothing.push_back(start_and_kill(empty));
        after_kill.push_back(start_and_kill(log));
        forget_checkpoints(log);
        from_scratch.push_back(start_and_kill(log));
        bare.push_back(read_and_check(log));
    }
    const double baseline = median(nothing);
    const double all = median(from_scratch) - baseline;
    fmt::print(
        "  {:.2f} GiB of 1 MiB batches in one segment, in the page cache; a start with nothing "
        "takes {:.0f} ms\n",
        gibibytes,
        1000 * baseline);
    print_line("read and checksum", median(bare), gibibytes);
    print_line("verdikt-broker, all of it unchecked", all, gibibytes);
    print_line("verdikt-broker, killed and started", median(after_kill) - baseline, gibibytes);
    fmt::print("    {:.1f} x the time of the roof (no goal)\n", all / median(bare));
}

}  // namespace verdikt::bench
