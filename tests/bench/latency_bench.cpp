/// How long one small record takes with nothing else under way, acks=1. Waking an idle virtual
/// processor costs more than the broker does, so it is measured both ways: pinned, with broker and
/// load on two processors of their own, and as the kernel likes.
#include "race.h"
#include "sample_data.h"
#include "sections.h"
#include "server_race.h"
#include "timed_load.h"

#include <fmt/format.h>

namespace verdikt::bench {
namespace {

constexpr std::size_t latencies_each_turn = 500;

void measure(placement where, const settings& settings) {
    const scratch_directory scratch;
    const kafka::records::byte_buffer batch = sample_batch(100, 100, kafka::records::codec::none);
    const std::vector<frame> request{produce_request_of(batch.bytes(), acknowledged_by::leader)};
    server roof = start_roof({"append", "1", scratch.path() / "roof"}, where);
    server cached = start_broker(scratch.path() / "cached", durability::page_cache, where);
    server synced = start_broker(scratch.path() / "synced", durability::by_default, where);
    create_topic(cached, 1);
    create_topic(synced, 1);
    const bool pinned = where == placement::pinned;
    run_on(pinned ? processor_of_load() : std::nullopt);
    timed_load bare{"bare server", wire_load(roof.port(), {}, check_produce_answer)};
    timed_load ours{"verdikt-broker", wire_load(cached.port(), {}, check_produce_answer)};
    timed_load as_it_comes{"verdikt-broker, syncing as it comes",
                           wire_load(synced.port(), {}, check_produce_answer)};
    timed_load* const loads[] = {&bare, &ours, &as_it_comes};
    take_turns(loads, request, latencies_each_turn, settings);
    run_on(std::nullopt);

    fmt::print("  one record of 100 B in flight, {}\n", pinned ? "pinned" : "not pinned");
    print_latencies(loads);
    if (pinned) fmt::print("    goal for verdikt-broker: p50 15 us, better 8 us\n");
}

}  // namespace

void run_latency_section(const settings& settings) {
    measure(placement::pinned, settings);
    measure(placement::anywhere, settings);
}

}  // namespace verdikt::bench
