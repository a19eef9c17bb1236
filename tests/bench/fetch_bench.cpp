/// Fetch of what lies in the page cache, against a bare server that answers the same requests with
/// the same stretches of a file, by sendfile. The reader drops the records unread, so that it does
/// not become what is measured; librdkafka's figures are in the section `librdkafka`.
#include "growing_file.h"
#include "race.h"
#include "sample_data.h"
#include "sections.h"
#include "server_race.h"

#include "kafka/records/batch.h"

#include <fmt/format.h>

namespace verdikt::bench {
namespace {

constexpr std::size_t fetched_batch_size = std::size_t{1} << 20;
constexpr std::size_t fetched_value_size = 1024;
constexpr std::size_t batch_count = 256;
constexpr std::size_t fetched_bytes_each_turn = std::size_t{64} << 20;

/// A consumer asks for more while it looks at what it has.
constexpr load_shape consumer{.connections = 1, .in_flight = 2};

void fill(server& broker, growing_file& same, bytes batch) {
    create_topic(broker, 1);
    const frame request = produce_request_of(batch, acknowledged_by::all);
    wire_load producer(broker.port(), {.connections = 1, .in_flight = 5}, check_produce_answer);
    producer.run({&request, 1}, batch_count);
    for (std::size_t i = 0; i < batch_count; ++i) same.append(batch);
}

void measure(server& broker,
             const std::string& file,
             const kafka::records::batch_view& batch,
             std::size_t batches_each,
             const settings& settings) {
    const std::size_t slice = batches_each * batch.bytes().size();
    std::vector<frame> requests;
    for (std::size_t i = 0; i + batches_each <= batch_count; i += batches_each) {
        const auto offset = static_cast<std::int64_t>(i) * batch.record_count();
        requests.push_back(fetch_request_of(offset, slice));
    }
    server roof = start_roof({"send", "1", file, std::to_string(slice)}, placement::pinned);
    runner bare("bare server (sendfile)", roof, consumer, check_fetch_answer, requests);
    runner ours("verdikt-broker", broker, consumer, check_fetch_answer, requests);
    const std::size_t count =
        std::max<std::size_t>(1, turn_size(fetched_bytes_each_turn, settings) / slice);
    const auto results =
        race_and_print(fmt::format("{:.1f} MiB a fetch", static_cast<double>(slice) / (1 << 20)),
                       {bare.as_contender(count, slice), ours.as_contender(count, slice)},
                       settings);
    print_goal(results[0], results[1], std::nullopt);
    print_cpu({&bare, &ours});
}

}  // namespace

void run_fetch_section(const settings& settings) {
    run_on(processor_of_load());
    const scratch_directory scratch;
    const kafka::records::byte_buffer bytes =
        sample_batch(fetched_batch_size, fetched_value_size, kafka::records::codec::none);
    const auto batch = kafka::records::batch_view::parse(bytes.bytes()).value();
    server broker = start_broker(scratch.path() / "log", durability::page_cache, placement::pinned);
    growing_file same(scratch.path() / "roof");
    fill(broker, same, bytes.bytes());
    for (const std::size_t batches_each : {std::size_t{1}, std::size_t{8}}) {
        measure(broker, scratch.path() / "roof.0", batch, batches_each, settings);
    }
    run_on(std::nullopt);
}

}  // namespace verdikt::bench
