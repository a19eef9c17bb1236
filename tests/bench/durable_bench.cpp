/// Produce with acks=all under the default durability: every batch is on stable storage before it
/// is acknowledged. The roof is the disk's: write the same bytes and call fdatasync, one after
/// another.
///
/// With one batch under way the broker can at best sync once for each, as the roof does. With more,
/// one sync serves several, and the broker may go beyond it. The last line is acks=1: acknowledged
/// when written, while the syncs go on behind.
#include "growing_file.h"
#include "race.h"
#include "sample_data.h"
#include "sections.h"
#include "server_race.h"

#include <fmt/format.h>

namespace verdikt::bench {
namespace {

constexpr goal durable_goal{.floor = 0.70, .target = 0.90};

void measure(std::size_t batch_size, const settings& settings) {
    const scratch_directory scratch;
    const kafka::records::byte_buffer batch = sample_batch(
        batch_size, std::min<std::size_t>(batch_size, 1024), kafka::records::codec::none);
    const std::vector<frame> request{produce_request_of(batch.bytes(), acknowledged_by::all)};
    server broker =
        start_broker(scratch.path() / "log", durability::by_default, placement::anywhere);
    create_topic(broker, 1);
    growing_file file(scratch.path() / "roof");
    const std::vector<frame> unsynced{produce_request_of(batch.bytes(), acknowledged_by::leader)};
    const auto run = [&](std::string name, load_shape shape, const std::vector<frame>& requests) {
        return runner(std::move(name), broker, shape, check_produce_answer, requests);
    };
    constexpr load_shape one{.connections = 1, .in_flight = 1};
    constexpr load_shape many{.connections = 4, .in_flight = 5};
    runner alone = run("verdikt-broker, 1 in flight", one, request);
    runner five = run("verdikt-broker, 5 in flight", {.connections = 1, .in_flight = 5}, request);
    runner twenty = run("verdikt-broker, 4 x 5 in flight", many, request);
    runner leader = run("verdikt-broker, acks=1, 4 x 5 in flight", many, unsynced);
    const auto results = race_and_print(fmt::format("{} KiB batches", batch_size >> 10),
                                        {{"write and fdatasync",
                                          [&] {
                                              file.append(batch.bytes());
                                              file.sync();
                                              return std::size_t{1};
                                          }},
                                         alone.as_contender(1, 1),
                                         five.as_contender(20, 1),
                                         twenty.as_contender(40, 1),
                                         leader.as_contender(40, 1)},
                                        settings,
                                        {.name = "b/s", .scale = 1});
    print_goal(results[0], results[1], durable_goal);
}

}  // namespace

void run_durable_section(const settings& settings) {
    for (const std::size_t kibibytes : {1, 16, 1024}) measure(kibibytes << 10, settings);
}

}  // namespace verdikt::bench
