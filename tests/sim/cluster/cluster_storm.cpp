#include "tests/sim/cluster/cluster_storm.h"

#include "client/closing.h"
#include "client/producer.h"
#include "runtime/sim/world.h"
#include "tests/sim/client_programs/impatient_client.h"
#include "tests/sim/cluster/cluster_crowd.h"
#include "tests/sim/cluster/cluster_faults.h"
#include "tests/sim/cluster/cluster_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <exception>
#include <optional>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using runtime::awaitable;
using runtime::duration;

constexpr int prober = 100;
constexpr int topic_partitions = 3;
/// From the heal until records are taken again in every partition: sessions that run out,
/// elections, links that back off.
constexpr duration recovery_max = 30s;
constexpr duration rest_max = 60s;

class storm {
  public:
    storm(std::uint64_t seed, const cluster_storm_form& form) : form_(form), universe_(seed) {
        for (int number = 1; number <= cluster_size; ++number) add_broker(number);
        tune();
        prober_ = &universe_.add_node("prober");
        faults_.emplace(universe_, machines_, crowd_.nodes(), watch_, crowd_.topic());
    }
    storm(const storm&) = delete;
    storm& operator=(const storm&) = delete;
    ~storm() { universe_.end(); }

    cluster_outcome run() {
        const runtime::instant begun = universe_.now();
        universe_.run(drive());
        outcome_.simulated = universe_.now() - begun;
        outcome_.trace_hash = universe_.trace_hash();
        for (const cluster_machine& each : machines_) {
            outcome_.clean_ends += each.clean_ends();
            outcome_.starts += each.machine->starts();
            outcome_.sectors_lost += each.machine->disk().counted().sectors_lost;
            judge_failures(each);
        }
        crowd_.count(outcome_.reached);
        return std::move(outcome_);
    }

  private:
    void add_broker(int number) {
        cluster_machine& made = machines_.emplace_back(number);
        made.machine = &universe_.add_node(cluster_host(number));
    }

    /// A broker that ends by itself must have been given a reason.
    void judge_failures(const cluster_machine& ended) {
        const auto& disk = ended.machine->disk().counted();
        if (disk.errors + disk.refused > 0) {
            outcome_.reached.count(mark::disk_failed, ended.failures().size());
        } else {
            for (const std::string& why : ended.failures()) complain(why);
        }
    }

    /// Faster than the defaults, so that a minute sees much; and different from seed to seed.
    void tune() {
        runtime::random_source& draw = universe_.random();
        const auto set = [this](std::string_view key, std::int64_t value) {
            for (cluster_machine& each : machines_)
                each.set(std::string(key), fmt::format("{}", value));
        };
        set("broker.heartbeat.interval.ms", draw.between(200, 1'000));
        set("broker.session.timeout.ms", draw.between(2'000, 9'000));
        set("replica.lag.time.max.ms", draw.between(1'500, 10'000));
        set("controller.quorum.election.timeout.ms", draw.between(300, 1'000));
        set("controller.quorum.fetch.timeout.ms", draw.between(600, 2'000));
        if (!form_.durable) set("log.flush.interval.messages", 1'000'000);
        if (draw.chance(0.5))
            set("metadata.log.max.record.bytes.between.snapshots", draw.between(500, 20'000));
        if (draw.chance(0.5)) set("log.segment.bytes", draw.between(2'000, 50'000));
        if (draw.chance(0.3)) set("leader.imbalance.check.interval.seconds", draw.between(2, 20));
    }

    awaitable<void> drive() {
        start_all();
        runtime::scope watching(universe_.get_executor());
        watching.spawn(keep_watching());
        co_await universe_.sleep_for(3s);
        co_await faults_->rage(form_.span);
        co_await settle();
        co_await watching.cancel_and_join();
        if (all_is_well()) co_await compare_all();
    }

    void start_all() {
        for (cluster_machine& each : machines_) {
            each.machine->start([&each](runtime::environment& world) { return each.run(world); });
        }
        crowd_.start();
    }

    awaitable<void> keep_watching() {
        while (true) {
            watch_.look();
            co_await universe_.sleep_for(20ms);
        }
    }

    awaitable<void> settle() {
        faults_->mend();
        crowd_.calm();
        co_await make_progress();
        co_await come_to_rest();
        if (!all_is_well()) co_return;
        if (universe_.random().chance(0.4)) co_await do_without_one();
        if (!all_is_well() || universe_.random().chance(0.5)) co_return;
        faults_->black_out();
        co_await come_to_rest();
    }

    /// Two of three that are in sync go on alone. (Not so where the storm has just taken two of the
    /// three uncleanly: who lost the memory of what it held is not eligible, KIP-966.)
    awaitable<void> do_without_one() {
        runtime::sim::node& lost =
            *machines_.at(universe_.random().below(machines_.size())).machine;
        faults_->leave_alone(&lost);
        universe_.random().chance(0.5) ? lost.crash() : lost.power_loss();
        outcome_.reached.count(mark::healed_without_one);
        co_await make_progress();
        faults_->leave_alone(nullptr);
        if (all_is_well()) co_await come_to_rest();
    }

    /// Each partition takes a record within a bounded time.
    awaitable<void> make_progress() {
        const runtime::instant since = universe_.now();
        ++probes_;
        prober_->start([this](runtime::environment& world) { return probe(world); });
        while (prober_->running() && universe_.now() < since + recovery_max) {
            faults_->restart_the_dead();
            co_await universe_.sleep_for(50ms);
        }
        outcome_.recovery = std::max(outcome_.recovery, universe_.now() - since);
        if (prober_->running()) complain("no progress: " + picture(machines_));
    }

    awaitable<void> probe(runtime::environment& world) {
        client::client_config config = impatient_client(cluster_addresses());
        config.delivery_timeout_ms = 5s;
        config.max_block_ms = 5s;
        client::producer through(world, config);
        co_await client::use_and_close(through, probe_each(through));
    }

    awaitable<void> probe_each(client::producer& through) {
        int number = 0;
        for (std::int32_t partition = 0; partition < topic_partitions; ++partition) {
            bool taken = false;
            while (!taken) {
                const record_name name{.producer = prober, .life = probes_, .number = number++};
                const std::string text = name.text();
                crowd_.produced().sending(name);
                const client::delivery how =
                    co_await through.send({.topic = crowd_.topic(),
                                           .partition = kafka::partition_index(partition),
                                           .value = client::as_bytes(text)});
                crowd_.produced().told(name, how);
                taken = std::holds_alternative<client::delivered>(how);
            }
        }
    }

    awaitable<void> come_to_rest() {
        const runtime::instant since = universe_.now();
        while (universe_.now() < since + rest_max) {
            faults_->restart_the_dead();
            co_await universe_.sleep_for(100ms);
            if (crowd_.is_done() && !unrest(machines_)) co_return;
        }
        complain(fmt::format(
            "no rest{}: {}", crowd_.is_done() ? "" : ", clients are not done", picture(machines_)));
    }

    awaitable<void> compare_all() {
        for (std::string& each : co_await crowd_.judge()) complain(std::move(each));
        if (all_is_well()) co_await come_to_rest();
        for (std::string& each : co_await differences(machines_)) complain(std::move(each));
    }

    [[nodiscard]] bool all_is_well() const { return outcome_.violations.empty(); }
    void complain(std::string what) { outcome_.violations.push_back(std::move(what)); }

    const cluster_storm_form form_;
    runtime::sim::world universe_;
    cluster_outcome outcome_;
    cluster_crowd crowd_{universe_};
    std::deque<cluster_machine> machines_;
    runtime::sim::node* prober_ = nullptr;
    int probes_ = 0;
    cluster_watch watch_{machines_, outcome_.reached};
    std::optional<cluster_faults> faults_;
};

}  // namespace

cluster_outcome run_cluster_storm(std::uint64_t seed, const cluster_storm_form& form) {
    return storm(seed, form).run();
}

}  // namespace verdikt::tests
