/// How long a partition takes no writes when its leader is lost: three brokers at default settings,
/// one producer of ours at its default settings, acks=all. From the signal to the acknowledgement
/// of the first record that was sent after it.
///
/// Killed: whichever leads the partition, and the active controller, where the next topic that can
/// be created is timed, too. Paused: SIGSTOP, which only silence tells. What that takes is held
/// against `broker.session.timeout.ms`, by a producer that gives a request up after half a second:
/// with the default of `request.timeout.ms` it would wait its own 30 s for the paused broker's
/// answer.
#include "client/admin.h"
#include "client/closing.h"
#include "client/producer.h"
#include "race.h"
#include "runtime/real/run.h"
#include "runtime/scope.h"
#include "scratch_directory.h"
#include "sections.h"
#include "steady_sender.h"
#include "three_brokers.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace verdikt::bench {
namespace {

using namespace std::chrono_literals;

const std::string failover_topic = "written";
constexpr runtime::duration pace = 2ms;
constexpr runtime::duration look_again = 50ms;
/// Between two blows, so that load runs and followers have caught up.
constexpr runtime::duration breath = 1s;
constexpr std::chrono::seconds session_timeout = 9s;
constexpr std::chrono::milliseconds impatient_request_timeout = 500ms;
constexpr std::size_t kills_a_second = 30;
constexpr std::size_t pauses_max = 5;

struct outage {
    double milliseconds = 0;
    double administration = 0;   ///< To the next topic created, in milliseconds.
    bool of_controller = false;  ///< It was the active controller, too.
};

class failover {
  public:
    failover(runtime::environment& world,
             three_brokers& cluster,
             client::client_config for_producer)
        : world_(world),
          cluster_(cluster),
          admin_(world, {.bootstrap_servers = cluster.bootstrap_servers()}),
          producer_(world, std::move(for_producer)),
          sender_(world, producer_, failover_topic, pace),
          sending_(world.get_executor()) {}

    runtime::awaitable<void> begin() {
        co_await until_created(failover_topic);
        co_await until_whole();
        sending_.spawn(sender_.send());
        sending_.spawn(sender_.listen());
        co_await world_.sleep_for(breath);
    }

    runtime::awaitable<outage> kill_leader() {
        const std::int32_t leader = co_await leader_now();
        outage found = co_await strike(leader, SIGKILL);
        co_await restart(leader);
        co_return found;
    }

    runtime::awaitable<outage> kill_controller() {
        const std::int32_t controller = co_await controller_now();
        const runtime::instant from = world_.now();
        outage found = co_await strike(controller, SIGKILL);
        co_await until_created(fmt::format("made-{}", from.time_since_epoch().count()));
        found.administration = milliseconds(world_.now() - from);
        co_await restart(controller);
        co_return found;
    }

    runtime::awaitable<outage> pause_leader() {
        const std::int32_t leader = co_await leader_now();
        const outage found = co_await strike(leader, SIGSTOP);
        cluster_.process(place_of(leader)).send_signal(SIGCONT);
        co_await recover();
        co_return found;
    }

    runtime::awaitable<void> end() {
        co_await sending_.cancel_and_join();
        co_await producer_.stop();
        co_await admin_.close();
    }

    [[nodiscard]] const steady_sender& sender() const { return sender_; }

  private:
    static double milliseconds(runtime::duration time) {
        return std::chrono::duration<double, std::milli>(time).count();
    }
    static std::size_t place_of(std::int32_t node) { return static_cast<std::size_t>(node) - 1; }

    runtime::awaitable<outage> strike(std::int32_t node, int signal) {
        const bool is_controller = co_await controller_now() == node;
        sender_.start_watch();
        const runtime::instant from = world_.now();
        cluster_.process(place_of(node)).send_signal(signal);
        const runtime::instant to = co_await sender_.first_acknowledged();
        co_return outage{.milliseconds = milliseconds(to - from), .of_controller = is_controller};
    }

    runtime::awaitable<void> restart(std::int32_t node) {
        cluster_.kill(place_of(node));
        cluster_.start(place_of(node));
        co_await recover();
    }

    runtime::awaitable<void> recover() {
        co_await until_whole();
        co_await world_.sleep_for(breath);
    }

    runtime::awaitable<void> until_created(std::string name) {
        for (;;) {
            const auto made = co_await admin_.create_topics(
                {{.name = name, .partitions = 1, .replication_factor = 3}});
            if (made && is_there(made->at(name))) co_return;
            co_await world_.sleep_for(look_again);
        }
    }

    /// Perhaps an answer was lost, and the topic made.
    static bool is_there(const client::result<void>& made) {
        return made || made.error().code == kafka::error_code::topic_already_exists;
    }

    runtime::awaitable<client::partition_description> look() {
        for (;;) {
            const auto found = co_await admin_.describe_topics({failover_topic});
            if (found && found->at(failover_topic))
                co_return found->at(failover_topic)->partitions.front();
            co_await world_.sleep_for(look_again);
        }
    }

    /// All three are in sync again, so that the next blow finds somebody to take over.
    runtime::awaitable<void> until_whole() {
        while ((co_await look()).isr.size() != three_brokers::size) {
            co_await world_.sleep_for(look_again);
        }
    }

    runtime::awaitable<std::int32_t> leader_now() {
        const client::partition_description found = co_await look();
        co_return found.leader;
    }

    runtime::awaitable<std::int32_t> controller_now() {
        for (;;) {
            const auto found = co_await admin_.describe_quorum();
            if (found && found->leader >= 0) co_return found->leader;
            co_await world_.sleep_for(look_again);
        }
    }

    runtime::environment& world_;
    three_brokers& cluster_;
    client::admin admin_;
    client::producer producer_;
    steady_sender sender_;
    runtime::scope sending_;
};

double quantile_of_times(std::vector<double> sorted, double which) {
    std::ranges::sort(sorted);
    return sorted[static_cast<std::size_t>(which * static_cast<double>(sorted.size() - 1) + 0.5)];
}

void print(std::string_view what, const std::vector<double>& times) {
    if (times.empty()) return;
    fmt::print("    {:<44} {:>4} times   p50 {:>7.0f} ms   p99 {:>7.0f} ms   most {:>7.0f} ms\n",
               what,
               times.size(),
               quantile_of_times(times, 0.5),
               quantile_of_times(times, 0.99),
               *std::ranges::max_element(times));
}

std::vector<double> times_of(const std::vector<outage>& outages, std::optional<bool> controller) {
    std::vector<double> times;
    for (const outage& each : outages) {
        if (!controller || each.of_controller == *controller) times.push_back(each.milliseconds);
    }
    return times;
}

void print_lost(const failover& blows) {
    fmt::print("    {} records acknowledged, {} not\n",
               blows.sender().acknowledged(),
               blows.sender().lost());
}

runtime::awaitable<void> measure_kills(failover& blows, std::size_t count) {
    std::vector<outage> kills;
    while (kills.size() < count) kills.push_back(co_await blows.kill_leader());
    print("leader killed, to the next acknowledged write", times_of(kills, std::nullopt));
    print("  it was not the active controller", times_of(kills, false));
    print("  it was the active controller, too", times_of(kills, true));
    std::vector<outage> losses;
    std::vector<double> administration;
    while (losses.size() < count / 3 + 1) {
        losses.push_back(co_await blows.kill_controller());
        administration.push_back(losses.back().administration);
    }
    print("controller killed, to the next acknowledged write", times_of(losses, std::nullopt));
    print("  to the next topic created", administration);
    print_lost(blows);
}

runtime::awaitable<void> measure_pauses(failover& blows, std::size_t count) {
    std::vector<outage> pauses;
    while (pauses.size() < count) pauses.push_back(co_await blows.pause_leader());
    const std::vector<double> times = times_of(pauses, std::nullopt);
    print("leader paused, to the next acknowledged write", times);
    const std::chrono::duration<double, std::milli> session = session_timeout;
    fmt::print("    that is {:.2f} of broker.session.timeout.ms at the median\n",
               quantile_of_times(times, 0.5) / session.count());
    print_lost(blows);
}

template <typename Measure>
runtime::awaitable<void> measure_and_end(failover& blows, std::size_t count, Measure measure) {
    std::exception_ptr failure;
    try {
        co_await blows.begin();
        co_await measure(blows, count);
    } catch (...) {
        failure = std::current_exception();
    }
    co_await blows.end();
    if (failure) std::rethrow_exception(failure);
}

runtime::awaitable<int> measure_all(runtime::environment& world,
                                    three_brokers& cluster,
                                    std::size_t count) {
    client::client_config config{.bootstrap_servers = cluster.bootstrap_servers()};
    failover kills(world, cluster, config);
    co_await measure_and_end(kills, count, measure_kills);
    const std::size_t pause_count = std::min(pauses_max, count / 6);
    if (pause_count == 0) co_return 0;
    config.request_timeout_ms = impatient_request_timeout;
    failover pauses(world, cluster, config);
    co_await measure_and_end(pauses, pause_count, measure_pauses);
    co_return 0;
}

}  // namespace

void run_failover_section(const settings& settings) {
    const scratch_directory scratch;
    three_brokers cluster(scratch.path(), durability::by_default, placement::anywhere);
    const std::size_t count = turn_size(kills_a_second, settings);
    const int code =
        runtime::real::run({}, [&](auto& world) { return measure_all(world, cluster, count); });
    if (code != 0) throw std::runtime_error("the failover section did not end");
}

}  // namespace verdikt::bench
