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
/// Before the first fault: topics are made, and brokers meet.
constexpr duration prelude = 2s;
/// From the heal until records are taken again in every partition: sessions that run out,
/// elections, links that back off.
constexpr duration recovery_max = 30s;
constexpr duration rest_max = 60s;

constexpr double two_directories_chance = 0.3;

/// One seed in four has five brokers, of which two may be no controllers.
cluster_shape draw_shape(std::uint64_t seed) {
    runtime::random_source draw(seed);
    cluster_shape shape;
    if (seed % 4 == 0) {
        shape.brokers = 5;
        shape.controllers = draw.chance(0.5) ? 5 : 3;
    }
    shape.two_directories = draw.chance(two_directories_chance);
    return shape;
}

class storm {
  public:
    storm(std::uint64_t seed, const cluster_storm_form& form)
        : form_(form), shape_(draw_shape(seed)), universe_(seed) {
        for (int number = 1; number <= shape_.brokers; ++number)
            machines_.emplace_back(universe_, shape_, number);
        tune();
        prober_ = &universe_.add_node("prober");
        crowd_.emplace(universe_, shape_, machines_, watch_, outcome_.reached);
        faults_.emplace(universe_, machines_, crowd_->nodes(), watch_, outcome_.reached);
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
            outcome_.starts += each.machine().starts();
            judge_failures(each);
        }
        for (const std::string& each : watch_.violations()) complain(each);
        crowd_->count();
        return std::move(outcome_);
    }

  private:
    /// A broker that ends by itself must have been given a reason: by the disk that has the
    /// metadata log, the first. It can live without any other.
    void judge_failures(const cluster_machine& ended) {
        cluster_marks& reached = outcome_.reached;
        for (const runtime::sim::disk* const disk : ended.disks())
            reached.count(mark::sectors_lost, disk->counted().sectors_lost);
        const auto& first = ended.disks().front()->counted();
        if (first.errors + first.refused > 0) {
            reached.count(mark::broker_ended_by_its_disk, ended.failures().size());
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
        if (draw.chance(0.5)) set("log.cleaner.backoff.ms", draw.between(500, 5'000));
        if (draw.chance(0.5)) {
            set("offsets.topic.segment.bytes", draw.between(2'000, 20'000));
            set("transaction.state.log.segment.bytes", draw.between(2'000, 20'000));
        }
        if (draw.chance(0.5)) set("disk.stall.timeout.ms", draw.between(1'000, 5'000));
    }

    awaitable<void> drive() {
        for (cluster_machine& each : machines_) each.start();
        crowd_->start();
        runtime::scope watching(universe_.get_executor());
        watching.spawn(keep_watching());
        co_await universe_.sleep_for(prelude);
        co_await faults_->rage(form_.span);
        co_await settle();
        // Watched until all is judged: a deletion that was asked for in the storm may come as late.
        if (all_is_well()) co_await compare_all();
        co_await watching.cancel_and_join();
    }

    awaitable<void> keep_watching() {
        constexpr int looks_to_a_close_one = 50;
        for (int looks = 1;; ++looks) {
            watch_.look();
            if (looks % looks_to_a_close_one == 0) watch_.look_closely();
            co_await universe_.sleep_for(20ms);
        }
    }

    awaitable<void> settle() {
        faults_->mend();
        crowd_->calm();
        co_await make_progress();
        co_await come_to_rest();
        if (!all_is_well()) co_return;
        if (universe_.random().chance(0.3)) co_await do_without_one();
        if (!all_is_well() || universe_.random().chance(0.7)) co_return;
        faults_->black_out();
        co_await come_to_rest();
    }

    /// Two of three that are in sync go on alone. (Not so where the storm has just taken two of the
    /// three uncleanly: who lost the memory of what it held is not eligible, KIP-966.)
    awaitable<void> do_without_one() {
        cluster_machine& lost = machines_.at(universe_.random().below(machines_.size()));
        faults_->leave_alone(&lost.machine());
        faults_->kill(lost, universe_.random().chance(0.5));
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
            faults_->bring_everything_back();
            co_await universe_.sleep_for(50ms);
        }
        outcome_.recovery = std::max(outcome_.recovery, universe_.now() - since);
        if (prober_->running()) complain("no progress: " + picture(machines_));
    }

    awaitable<void> probe(runtime::environment& world) {
        client::client_config config = impatient_client(cluster_addresses(shape_));
        config.delivery_timeout_ms = 5s;
        config.max_block_ms = 5s;
        client::producer through(world, config);
        co_await client::use_and_close(through, probe_each(world, through));
    }

    awaitable<void> probe_each(runtime::environment& world, client::producer& through) {
        int number = 0;
        for (std::int32_t partition = 0; partition < topic_partitions; ++partition) {
            bool taken = false;
            while (!taken) {
                const record_name name{.producer = prober, .life = probes_, .number = number++};
                const std::string text = name.text();
                crowd_->produced().sending(name, world.now());
                const client::delivery how =
                    co_await through.send({.topic = crowd_->topic(),
                                           .partition = kafka::partition_index(partition),
                                           .value = client::as_bytes(text)});
                crowd_->produced().told(name, how);
                taken = std::holds_alternative<client::delivered>(how);
            }
        }
    }

    awaitable<void> come_to_rest() {
        const runtime::instant since = universe_.now();
        while (universe_.now() < since + rest_max) {
            faults_->bring_everything_back();
            co_await universe_.sleep_for(100ms);
            if (crowd_->is_done() && !unrest(machines_)) co_return;
        }
        complain(fmt::format("no rest{}: {}",
                             crowd_->is_done() ? "" : ", clients are not done",
                             picture(machines_)));
    }

    awaitable<void> compare_all() {
        for (std::string& each : co_await crowd_->judge()) complain(std::move(each));
        if (all_is_well()) co_await come_to_rest();
        for (std::string& each : co_await differences(machines_)) complain(std::move(each));
        if (!all_is_well()) co_return;
        auto reading = committed_in(machines_, crowd_->transactions_topic());
        const auto committed = co_await std::move(reading);
        for (std::string& each : crowd_->compare_transactions(committed)) complain(std::move(each));
    }

    [[nodiscard]] bool all_is_well() const { return outcome_.violations.empty(); }
    void complain(std::string what) { outcome_.violations.push_back(std::move(what)); }

    const cluster_storm_form form_;
    const cluster_shape shape_;
    runtime::sim::world universe_;
    cluster_outcome outcome_;
    std::deque<cluster_machine> machines_;
    cluster_watch watch_{universe_, machines_, outcome_.reached, "t"};
    std::optional<cluster_crowd> crowd_;
    runtime::sim::node* prober_ = nullptr;
    int probes_ = 0;
    std::optional<cluster_faults> faults_;
};

}  // namespace

cluster_outcome run_cluster_storm(std::uint64_t seed, const cluster_storm_form& form) {
    return storm(seed, form).run();
}

}  // namespace verdikt::tests
