/// Produce with acks=all to one partition of three replicas, on three brokers of this host: in
/// page-cache mode, and as it comes, when each replica syncs before it counts.
///
/// The roof is a bare server that writes the same bytes and sends them on to two others, and
/// answers when all three have them; for the durable mode all three sync before that. Beside it
/// stand a single broker with the same load, and writing and syncing the same bytes on one thread.
///
/// Once in a burst, as the rest of this program measures, and once long enough that the disk
/// decides how fast the page cache takes what is written.
#include "growing_file.h"
#include "race.h"
#include "sample_data.h"
#include "sections.h"
#include "server_race.h"
#include "three_brokers.h"
#include "timed_load.h"

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::bench {
namespace {

constexpr goal burst_goal{.floor = 0.55, .target = 0.80};
constexpr goal sustained_goal{.floor = 0.70, .target = 0.90};
constexpr goal synced_goal{.floor = 0.70, .target = 0.90};

constexpr std::size_t replicated_bytes_each_turn = std::size_t{16} << 20;
constexpr std::size_t synced_bytes_each_turn = std::size_t{4} << 20;
constexpr std::size_t latency_requests_each_turn = 200;
/// For each contender of a sustained race.
constexpr double sustained_seconds = 12;

/// A bare leader with its two followers.
class roof_cluster {
  public:
    roof_cluster(const std::filesystem::path& directory,
                 std::size_t connections,
                 durability mode,
                 placement where)
        : followers_{start_roof({word(mode, "append", "sync"), "1", directory / "roof-2"}, where),
                     start_roof({word(mode, "append", "sync"), "1", directory / "roof-3"}, where)},
          leader_(start_roof({word(mode, "lead", "lead-sync"),
                              std::to_string(connections),
                              directory / "roof-1",
                              std::to_string(followers_[0].port()),
                              std::to_string(followers_[1].port())},
                             where)) {}

    [[nodiscard]] std::uint16_t port() const { return leader_.port(); }
    [[nodiscard]] double cpu_seconds() {
        return leader_.process().cpu_seconds() + followers_[0].process().cpu_seconds() +
               followers_[1].process().cpu_seconds();
    }

  private:
    static std::string word(durability mode, const char* cached, const char* synced) {
        return mode == durability::page_cache ? cached : synced;
    }

    server followers_[2];
    server leader_;
};

struct replicated_load {
    durability mode = durability::page_cache;
    std::size_t batch_size = 0;
    load_shape shape;
};

std::string_view name(durability mode) {
    return mode == durability::page_cache ? "page cache" : "durable";
}

/// One set of servers, raced for a while.
class replicated_race {
  public:
    explicit replicated_race(const replicated_load& what)
        : what_(what),
          batch_(sample_batch(what.batch_size,
                              std::min<std::size_t>(what.batch_size, 1024),
                              kafka::records::codec::none)),
          request_{produce_request_of(batch_.bytes(), acknowledged_by::all)},
          roof_(scratch_.path(), what.shape.connections, what.mode, placement::anywhere),
          single_(start_broker(scratch_.path() / "single", what.mode, placement::anywhere)),
          cluster_(scratch_.path(), what.mode, placement::anywhere),
          file_(scratch_.path() / "alone") {
        create_topic(single_, 1);
        cluster_.create_topic();
    }

    void run(std::string_view how_long, const settings& settings, goal wanted) {
        runner bare =
            run_on_port("bare, three replicas", roof_.port(), [&] { return roof_.cpu_seconds(); });
        runner one = run_on_port("verdikt-broker, alone", single_.port(), [&] {
            return single_.process().cpu_seconds();
        });
        runner ours = run_on_port("verdikt-broker, three replicas", cluster_.port(0), [&] {
            return cluster_.cpu_seconds();
        });
        const std::size_t each_turn = what_.mode == durability::page_cache
                                          ? replicated_bytes_each_turn
                                          : synced_bytes_each_turn;
        const std::size_t count =
            std::max<std::size_t>(1, turn_size(each_turn, settings) / batch_.size());
        warm_page_cache(scratch_.path(), warm_size_for(settings));
        const auto results = race_and_print(
            fmt::format("{}, {} KiB batches, {} connection(s), {} in flight on each, {}",
                        name(what_.mode),
                        what_.batch_size >> 10,
                        what_.shape.connections,
                        what_.shape.in_flight,
                        how_long),
            {bare.as_contender(count, batch_.size()),
             ours.as_contender(count, batch_.size()),
             one.as_contender(count, batch_.size()),
             {what_.mode == durability::page_cache ? "writing alone" : "write and fdatasync",
              [&] { return write_alone(count); }}},
            settings);
        const bool is_durable = what_.mode == durability::by_default;
        print_goal(results[0], results[1], is_durable ? synced_goal : wanted);
        // No goal: three replicas write and sync three times as much to the one disk.
        if (is_durable) print_goal(results[3], results[1], std::nullopt);
        print_cpu({&bare, &ours, &one});
    }

  private:
    runner run_on_port(std::string who, std::uint16_t port, std::function<double()> cpu_seconds) {
        return {std::move(who), port, std::move(cpu_seconds), what_.shape, request_};
    }
    std::size_t write_alone(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            file_.append(batch_.bytes());
            if (what_.mode == durability::by_default) file_.sync();
        }
        return count * batch_.size();
    }

    replicated_load what_;
    scratch_directory scratch_;
    kafka::records::byte_buffer batch_;
    std::vector<frame> request_;
    roof_cluster roof_;
    server single_;
    three_brokers cluster_;
    growing_file file_;
};

void measure_burst(const replicated_load& what, const settings& settings) {
    replicated_race(what).run("burst", settings, burst_goal);
}

void measure_sustained(const replicated_load& what, const settings& settings) {
    constexpr double contenders = 4;
    bench::settings longer = settings;
    longer.seconds = contenders * sustained_seconds;
    replicated_race(what).run(
        fmt::format("{:.0f} s for each", sustained_seconds), longer, sustained_goal);
}

void measure_latency(durability mode, placement where, const settings& settings) {
    const scratch_directory scratch;
    const kafka::records::byte_buffer batch = sample_batch(100, 100, kafka::records::codec::none);
    const std::vector<frame> request{produce_request_of(batch.bytes(), acknowledged_by::all)};
    const roof_cluster roof(scratch.path(), 1, mode, where);
    const server single = start_broker(scratch.path() / "single", mode, where);
    three_brokers cluster(scratch.path(), mode, where);
    create_topic(single, 1);
    cluster.create_topic();
    const bool pinned = where == placement::pinned;
    run_on(pinned ? processor_of_load() : std::nullopt);
    timed_load bare{"bare, three replicas", wire_load(roof.port(), {}, check_produce_answer)};
    timed_load ours{"verdikt-broker, three replicas",
                    wire_load(cluster.port(0), {}, check_produce_answer)};
    timed_load one{"verdikt-broker, alone", wire_load(single.port(), {}, check_produce_answer)};
    timed_load* const loads[] = {&bare, &ours, &one};
    take_turns(loads, request, latency_requests_each_turn, settings);
    run_on(std::nullopt);
    fmt::print(
        "  {}, one record of 100 B in flight, {}\n", name(mode), pinned ? "pinned" : "not pinned");
    print_latencies(loads);
}

}  // namespace

void run_replicated_section(const settings& settings) {
    constexpr load_shape one{.connections = 1, .in_flight = 5};
    constexpr load_shape many{.connections = 4, .in_flight = 5};
    constexpr std::size_t large = std::size_t{1} << 20;
    constexpr std::size_t small = std::size_t{16} << 10;
    // A test of the benchmark itself has no time for more than one cluster after another.
    const bool is_test = settings.seconds < 0.1;
    for (const durability mode : {durability::page_cache, durability::by_default}) {
        measure_burst({mode, small, many}, settings);
        if (is_test) continue;
        measure_burst({mode, large, one}, settings);
        measure_sustained({mode, large, one}, settings);
        measure_latency(mode, placement::pinned, settings);
        measure_latency(mode, placement::anywhere, settings);
    }
    if (is_test) measure_latency(durability::page_cache, placement::pinned, settings);
}

}  // namespace verdikt::bench
