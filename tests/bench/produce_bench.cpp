/// Produce with acks=1 to one partition, against a bare server that reads the same requests from
/// the same kind of socket, checks the same checksums and writes the same bytes to the page cache;
/// and against each half of that alone.
///
/// The broker trusts the page cache here, since that is what the bare server does. As it comes it
/// syncs all that it takes in, also in the background of acks=1: the section `durable` shows that.
#include "growing_file.h"
#include "race.h"
#include "sample_data.h"
#include "sections.h"
#include "server_race.h"

#include <fmt/format.h>

namespace verdikt::bench {
namespace {

struct produce_load {
    std::size_t batch_size = 0;
    std::size_t value_size = 0;
    load_shape shape;
    goal wanted;
};

/// Enough for one turn that starting and ending it counts for little.
constexpr std::size_t produced_bytes_each_turn = std::size_t{32} << 20;

void measure(const produce_load& what, const settings& settings) {
    const scratch_directory scratch;
    const kafka::records::byte_buffer batch =
        sample_batch(what.batch_size, what.value_size, kafka::records::codec::none);
    const std::vector<frame> request{produce_request_of(batch.bytes(), acknowledged_by::leader)};
    const std::string connections = std::to_string(what.shape.connections);
    server roof = start_roof({"append", connections, scratch.path() / "roof"}, placement::pinned);
    server socket = start_roof({"receive", connections}, placement::pinned);
    server cached =
        start_broker(scratch.path() / "cached", durability::page_cache, placement::pinned);
    create_topic(cached, 1);
    growing_file file(scratch.path() / "alone");

    const auto run = [&](std::string name, server& of) {
        return runner(std::move(name), of, what.shape, check_produce_answer, request);
    };
    runner bare = run("bare server", roof);
    runner receiving = run("loopback socket alone", socket);
    runner ours = run("verdikt-broker", cached);
    const std::size_t count =
        std::max<std::size_t>(1, turn_size(produced_bytes_each_turn, settings) / batch.size());
    warm_page_cache(scratch.path(), warm_size_for(settings));
    const auto results = race_and_print(
        fmt::format("{} KiB batches of {} B records, {} connection(s), {} in flight on each",
                    what.batch_size >> 10,
                    what.value_size,
                    what.shape.connections,
                    what.shape.in_flight),
        {bare.as_contender(count, batch.size()),
         receiving.as_contender(count, batch.size()),
         {"page cache alone",
          [&] {
              for (std::size_t i = 0; i < count; ++i) file.append(batch.bytes());
              return count * batch.size();
          }},
         ours.as_contender(count, batch.size())},
        settings);
    print_goal(results[0], results[3], what.wanted);
    print_cpu({&bare, &ours});
}

}  // namespace

void run_produce_section(const settings& settings) {
    run_on(processor_of_load());
    for (const std::size_t value_size : {std::size_t{100}, std::size_t{1024}}) {
        measure({.batch_size = std::size_t{1} << 20,
                 .value_size = value_size,
                 .shape = {.connections = 1, .in_flight = 5},
                 .wanted = {.floor = 0.60, .target = 0.85}},
                settings);
        measure({.batch_size = std::size_t{16} << 10,
                 .value_size = value_size,
                 .shape = {.connections = 4, .in_flight = 5},
                 .wanted = {.floor = 0.55, .target = 0.80}},
                settings);
    }
    run_on(std::nullopt);
}

}  // namespace verdikt::bench
