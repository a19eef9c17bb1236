/// A cluster of three brokers with a thousand topics of three partitions, each on all three: how
/// long it takes to make them, to give the leaderships of a dead broker to others, and to bring
/// brokers back; and what the brokers need to hold them.
///
/// Every time ends when clients see the result, in Metadata of every broker that runs, looked at
/// every few milliseconds; `served` when each leader also tells the end of its partitions, which it
/// does only once it knows what is committed. There is no roof and no goal.
#include "cluster_census.h"
#include "race.h"
#include "sections.h"
#include "stopwatch.h"
#include "three_brokers.h"
#include "wire_versions.h"

#include "kafka/messages/create_topics.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <stdexcept>

namespace verdikt::bench {
namespace {

using clock = std::chrono::steady_clock;
namespace messages = kafka::messages;

constexpr std::size_t topics_wanted = 1000;
constexpr std::int32_t partitions_each = 3;

void print_seconds(std::string_view what, double seconds, std::string_view note = "") {
    fmt::print("    {:<52} {:>8.2f} s  {}\n", what, seconds, note);
}

/// Everybody who runs tells this of every partition.
bool all_tell(const three_brokers& cluster,
              const std::function<bool(const messages::metadata_response&)>& what) {
    for (std::size_t node = 0; node < three_brokers::size; ++node) {
        if (cluster.is_running(node) && !what(metadata_of(cluster, node))) return false;
    }
    return true;
}

class scene {
  public:
    scene(const std::filesystem::path& directory, std::size_t topics)
        : cluster_(directory, durability::by_default, placement::anywhere), topics_(topics) {}

    void play() {
        fmt::print("  {} topics x {} partitions x 3 replicas on three brokers\n",
                   topics_,
                   partitions_each);
        print_memory("before");
        create();
        print_memory("with all of them");
        print_disk();
        const std::size_t controller = active_controller(cluster_, 0);
        fail_over((controller + 1) % three_brokers::size, "broker");
        fail_over(controller, "broker and active controller");
        restart_in_good_order((active_controller(cluster_, 0) + 1) % three_brokers::size);
        // Takes a whole session of a broker, which a test of the benchmark itself has no time for.
        if (topics_ == topics_wanted) restart_all();
        print_memory("after all of that");
        print_disk();
    }

  private:
    [[nodiscard]] std::size_t partitions() const { return topics_ * partitions_each; }

    [[nodiscard]] bool all_have_leaders() const {
        return all_tell(cluster_, [&](const auto& told) {
            const census counted = count_partitions(told, 0);
            return counted.partitions == partitions() && counted.without_leader == 0;
        });
    }
    [[nodiscard]] bool all_are_in_sync() const {
        return all_tell(cluster_, [&](const auto& told) {
            return count_partitions(told, 0).in_sync == partitions();
        });
    }
    /// Asked of a node that runs.
    [[nodiscard]] bool all_are_served() const {
        for (std::size_t node = 0; node < three_brokers::size; ++node) {
            if (!cluster_.is_running(node)) continue;
            return served_partitions(cluster_, metadata_of(cluster_, node)) == partitions();
        }
        return false;
    }
    [[nodiscard]] bool none_led_by(std::size_t gone) const {
        return all_tell(cluster_, [&](const auto& told) {
            const census counted = count_partitions(told, gone);
            return counted.led_by_asked == 0 && counted.without_leader == 0;
        });
    }

    void create() {
        messages::create_topics_request request;
        for (std::size_t i = 0; i < topics_; ++i) {
            request.topics.push_back({.name = fmt::format("topic-{:04}", i),
                                      .num_partitions = partitions_each,
                                      .replication_factor = 3,
                                      .assignments = {},
                                      .configs = {}});
        }
        const auto start = clock::now();
        const auto answer = cluster_.caller(0).call<messages::create_topics_response>(
            request, create_topics_version);
        for (const auto& each : answer.topics) {
            if (each.error_code != 0) throw std::runtime_error("a topic was not created");
        }
        print_seconds("created by one request: answered", seconds_since(start));
        seconds_until([&] { return all_have_leaders(); });
        print_seconds("  every broker tells the leaders of all", seconds_since(start));
        seconds_until([&] { return all_are_served(); });
        print_seconds("  all are served", seconds_since(start));
        seconds_until([&] { return all_are_in_sync(); });
        print_seconds("  all are in sync on all brokers", seconds_since(start));
    }

    void fail_over(std::size_t victim, std::string_view what) {
        const std::size_t witness = (victim + 1) % three_brokers::size;
        const std::size_t led =
            count_partitions(metadata_of(cluster_, witness), victim).led_by_asked;
        const auto start = clock::now();
        cluster_.kill(victim);
        seconds_until([&] {
            return count_partitions(metadata_of(cluster_, witness), victim).led_by_asked < led;
        });
        print_seconds(fmt::format("{} killed: first partition moved", what), seconds_since(start));
        seconds_until([&] { return none_led_by(victim); });
        print_seconds("  every broker tells another leader of all",
                      seconds_since(start),
                      fmt::format("({} leaderships)", led));
        seconds_until([&] { return all_are_served(); });
        print_seconds("  all are served", seconds_since(start));
        come_back(victim);
    }

    void come_back(std::size_t node) {
        const auto start = clock::now();
        cluster_.start(node);
        cluster_.wait_until_active();
        print_seconds("  started again: active", seconds_since(start));
        seconds_until([&] { return all_are_in_sync(); });
        print_seconds("  all are in sync again", seconds_since(start));
    }

    void restart_in_good_order(std::size_t node) {
        const auto start = clock::now();
        cluster_.stop(node);
        print_seconds("a broker stopped by SIGTERM: gone", seconds_since(start));
        come_back(node);
    }

    void restart_all() {
        for (std::size_t node = 0; node < three_brokers::size; ++node) cluster_.kill(node);
        const auto start = clock::now();
        for (std::size_t node = 0; node < three_brokers::size; ++node) cluster_.start(node);
        cluster_.wait_until_active();
        print_seconds("all killed and started: active", seconds_since(start));
        seconds_until([&] { return all_have_leaders() && all_are_served(); });
        print_seconds("  all are served", seconds_since(start));
        seconds_until([&] { return all_are_in_sync(); });
        print_seconds("  all are in sync", seconds_since(start));
    }

    void print_memory(std::string_view when) {
        fmt::print("    {:<52}", fmt::format("own memory of each broker, {}", when));
        for (std::size_t node = 0; node < three_brokers::size; ++node) {
            fmt::print(" {:>7.1f}",
                       static_cast<double>(cluster_.process(node).own_memory()) / (1 << 20));
        }
        fmt::print(" MiB; {} descriptors\n", cluster_.process(0).open_descriptors());
    }

    void print_disk() const {
        std::uintmax_t size = 0;
        const auto folder = cluster_.data(0) / "__cluster_metadata-0";
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (entry.is_regular_file()) size += entry.file_size();
        }
        fmt::print("    {:<52} {:>8.1f} KiB\n",
                   "metadata log with its snapshots",
                   static_cast<double>(size) / 1024);
    }

    three_brokers cluster_;
    std::size_t topics_;
};

}  // namespace

void run_metadata_section(const settings& settings) {
    const scratch_directory scratch;
    scene(scratch.path(), turn_size(topics_wanted, settings)).play();
}

}  // namespace verdikt::bench
