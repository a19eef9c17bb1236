/// What an idle connection and a partition hold of the broker's own memory (heap and stacks; the
/// kernel's socket buffers are not counted). There is no roof and no goal: the figures stand alone.
#include "race.h"
#include "sections.h"
#include "server_race.h"

#include <sys/resource.h>

#include <fmt/format.h>

namespace verdikt::bench {
namespace {

constexpr std::size_t connection_count = 1000;
/// Creating one takes a few syncs.
constexpr std::size_t partition_count = 200;

/// The kernel gives each process 1024 descriptors unless it asks for more.
void allow_many_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

void print_line(std::string_view what,
                std::uint64_t before,
                std::uint64_t after,
                std::size_t count) {
    fmt::print("    {:<44} {:>10.1f} KiB ({} of them; {:.1f} MiB before)\n",
               what,
               static_cast<double>(after - before) / 1024 / static_cast<double>(count),
               count,
               static_cast<double>(before) / (1 << 20));
}

/// Each on a broker of its own: what one measurement frees, the next would use again.
void measure_connections() {
    const scratch_directory scratch;
    server broker =
        start_broker(scratch.path() / "log", durability::by_default, placement::anywhere);
    const frame hello = api_versions_request_of_a_client();
    wire_load first(broker.port(), {}, accept_any_answer);
    first.run({&hello, 1}, 1);
    const std::uint64_t before = broker.process().own_memory();
    wire_load idle(broker.port(), {.connections = connection_count}, accept_any_answer);
    idle.run({&hello, 1}, connection_count);
    print_line("an idle connection", before, broker.process().own_memory(), connection_count);
}

void measure_partitions(std::size_t count) {
    const scratch_directory scratch;
    server broker =
        start_broker(scratch.path() / "log", durability::by_default, placement::anywhere);
    const std::uint64_t before = broker.process().own_memory();
    create_topic(broker, static_cast<std::int32_t>(count));
    print_line("a partition without records", before, broker.process().own_memory(), count);
}

}  // namespace

void run_memory_section(const settings& settings) {
    allow_many_descriptors();
    measure_connections();
    measure_partitions(turn_size(partition_count, settings));
}

}  // namespace verdikt::bench
