/// The same librdkafka producer against our broker and against the broker that librdkafka brings
/// along, which keeps everything in memory and runs in the client's own process. librdkafka is the
/// slowest link in both cases; what is compared is what the broker behind it adds.
///
/// Then librdkafka's consumer against ours (its own broker keeps too little to read): how fast it
/// reads, and what that costs us.
#include "growing_file.h"
#include "librdkafka_load.h"
#include "race.h"
#include "sample_data.h"
#include "sections.h"
#include "server_race.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

namespace verdikt::bench {
namespace {

constexpr std::size_t librdkafka_bytes_each_turn = std::size_t{64} << 20;
constexpr std::size_t consumed = std::size_t{1} << 30;

std::string address(const server& broker) {
    return fmt::format("127.0.0.1:{}", broker.port());
}

void produce(std::size_t value_size, std::size_t batch_size, const settings& settings) {
    const scratch_directory scratch;
    server broker =
        start_broker(scratch.path() / "log", durability::page_cache, placement::anywhere);
    create_topic(broker, 1);
    const kafka::records::byte_buffer value = noise(value_size);
    const std::size_t count = turn_size(librdkafka_bytes_each_turn, settings) / value_size;
    librdkafka_producer with_mock("", batch_size);
    librdkafka_producer with_ours(address(broker), batch_size);
    warm_page_cache(scratch.path(), warm_size_for(settings));
    const auto results = race_and_print(
        fmt::format(
            "producer, acks=1, records of {} B, batches of {} KiB", value_size, batch_size >> 10),
        {{"librdkafka's mock cluster",
          [&] {
              with_mock.run(value.bytes(), count);
              return count;
          }},
         {"verdikt-broker",
          [&] {
              with_ours.run(value.bytes(), count);
              return count;
          }}},
        settings,
        millions);
    print_goal(results[0], results[1], std::nullopt);
    for (const result& each : results) {
        fmt::print("    {:<44} {:>10.2f} GB/s\n",
                   each.name,
                   1e-9 * each.rate * static_cast<double>(value_size));
    }
}

void consume(const settings& settings) {
    constexpr std::size_t value_size = 1024;
    const std::size_t size = turn_size(consumed, settings);
    const scratch_directory scratch;
    server broker =
        start_broker(scratch.path() / "log", durability::page_cache, placement::anywhere);
    create_topic(broker, 1);
    const kafka::records::byte_buffer batch =
        sample_batch(std::size_t{1} << 20, value_size, kafka::records::codec::none);
    const frame request = produce_request_of(batch.bytes(), acknowledged_by::leader);
    wire_load(broker.port(), {}, check_produce_answer).run({&request, 1}, size >> 20);
    librdkafka_consumer reader(address(broker));
    std::array<double, 5> rates{};
    const double cpu_before = broker.process().cpu_seconds();
    for (double& rate : rates) rate = reader.read_all();
    const double cpu_used = broker.process().cpu_seconds() - cpu_before;
    std::ranges::sort(rates);
    const double read = static_cast<double>(rates.size() * size);
    fmt::print(
        "  consumer, records of 1 KiB, the median of {} times all of {} MiB\n"
        "    verdikt-broker {:>39.2f} GB/s at {:.2f} CPU seconds a GB "
        "(goal: 2.0 GB/s at 0.18, better 2.6 at 0.08)\n",
        rates.size(),
        size >> 20,
        1e-9 * rates[rates.size() / 2],
        cpu_used / (1e-9 * read));
}

}  // namespace

void run_librdkafka_section(const settings& settings) {
    for (const std::size_t value_size : {std::size_t{100}, std::size_t{1024}}) {
        for (const std::size_t batch_size : {std::size_t{16} << 10, std::size_t{1} << 20}) {
            produce(value_size, batch_size, settings);
        }
    }
    consume(settings);
}

}  // namespace verdikt::bench
