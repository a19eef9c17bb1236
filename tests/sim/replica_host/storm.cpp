#include "tests/sim/replica_host/storm.h"

#include "runtime/check.h"
#include "runtime/sim/world.h"
#include "tests/sim/faults/fault_mix.h"
#include "tests/sim/replica_host/storm_clients.h"

#include <algorithm>
#include <exception>
#include <list>

namespace verdikt::tests {

using namespace broker;
using namespace std::chrono_literals;
using replication::host::partition_ptr;

namespace {

constexpr std::int32_t brokers = 3;
/// After the storm everybody must have caught up by then: sessions, back-offs and one restart.
constexpr runtime::duration recovery_max = 60s;

class storm {
  public:
    storm(std::uint64_t seed, misdeed canary)
        : universe_(seed,
                    {.events_max = 3'000'000,
                     .trace_lines = 60,
                     .lowest_log_level = runtime::log_level::info}),
          settings_(drawn(canary)),
          court_(universe_, settings_.min_insync_replicas) {}

    storm_report run() {
        universe_.run(drive());
        report_.violations = history_.violations();
        report_.acknowledged = history_.acknowledged_count();
        report_.deletions = history_.deletion_count();
        report_.trace_hash = universe_.trace_hash();
        report_.simulated_seconds =
            std::chrono::duration<double>(universe_.now().time_since_epoch()).count();
        report_.connections_broken = universe_.network().counted().broken;
        for (runtime::sim::node* each : nodes_) {
            report_.starts += each->starts();
            report_.sectors_lost += each->disk().counted().sectors_lost;
            report_.io_errors += each->disk().counted().errors;
        }
        for (const auto& [id, topic] : court_.image().topics()) {
            for (const auto& partition : topic.partitions) {
                report_.leader_epochs += static_cast<std::uint64_t>(partition.leader_epoch.value());
                report_.partition_epochs += static_cast<std::uint64_t>(partition.epoch.value());
            }
        }
        universe_.end();
        return report_;
    }

  private:
    storm_settings drawn(misdeed canary) {
        runtime::random_source& random = universe_.random();
        storm_settings settings;
        settings.min_insync_replicas = static_cast<std::int32_t>(random.between(1, 2));
        settings.replica_lag_time_max = std::chrono::milliseconds(random.between(300, 1'500));
        settings.segment_bytes = random.between(1'500, 20'000);
        if (canary == misdeed::believes_the_page_cache) {
            settings.durable = false;
            settings.min_insync_replicas = 1;
        }
        return settings;
    }

    void start_nodes() {
        runtime::sim::node& court = universe_.add_node("court");
        court.start([this](runtime::environment& world) { return court_.run(world); });
        for (std::int32_t id = 1; id <= brokers; ++id) {
            auto& broker = brokers_.emplace_back(kafka::node_id(id), settings_, court_, history_);
            runtime::sim::node& node = universe_.add_node(fmt::format("broker-{}", id));
            node.start([&broker](runtime::environment& world) { return broker.run(world); });
            nodes_.push_back(&node);
        }
    }

    runtime::awaitable<void> drive() {
        start_nodes();
        while (!std::ranges::all_of(court_.image().brokers(), [](const auto& entry) {
            return !entry.second.fenced;
        }) || court_.image().brokers().size() < brokers) {
            co_await universe_.sleep_for(10ms);
        }
        const auto partitions = static_cast<std::int32_t>(universe_.random().between(1, 4));
        CHECK(court_.create_topic("storm", partitions, brokers));
        for (std::int32_t index = 0; index < partitions; ++index) {
            names_.push_back({"storm", kafka::partition_index(index)});
            writers_.push_back({.which = names_.back(), .producer = index + 1});
        }
        runtime::sim::node& client = universe_.add_node("client");
        client.start([this](runtime::environment& world) { return use(world); });
        fault_mix faults(universe_, nodes_);
        runtime::scope trouble(universe_.get_executor());
        trouble.spawn(faults.strike(universe_.now() + 12s));
        trouble.spawn(delete_some());
        trouble.spawn(come_and_go());
        co_await trouble.join();
        co_await recover();
        over_ = true;
        const runtime::instant late = universe_.now() + recovery_max;
        while (client.running() && universe_.now() < late) co_await universe_.sleep_for(100ms);
        if (client.running()) history_.violation("a writer does not get its last batch through");
        co_await recover();
        co_await compare();
    }

    runtime::awaitable<void> use(runtime::environment& world) {
        storm_clients clients(world, court_, history_);
        runtime::scope using_it(world.get_executor());
        for (storm_writer& writer : writers_) {
            using_it.spawn(clients.write(writer, over_));
            using_it.spawn(clients.write_and_forget(writer.which, over_));
            using_it.spawn(clients.read(writer.which, over_));
        }
        std::exception_ptr ended;
        try {
            co_await using_it.join();
        } catch (...) {
            ended = std::current_exception();
        }
        co_await using_it.cancel_and_join();
        co_await clients.stop();
        if (ended) std::rethrow_exception(ended);
    }

    /// DeleteRecords, now and then.
    runtime::awaitable<void> delete_some() {
        const auto times = universe_.random().below(4);
        for (std::uint64_t count = 0; count < times; ++count) {
            co_await universe_.sleep_for(
                std::chrono::milliseconds(universe_.random().below(5'000)));
            const kafka::topic_partition& which = names_[universe_.random().below(names_.size())];
            for (std::size_t at = 0; at < nodes_.size(); ++at) {
                const partition_ptr found = find(at, which);
                if (!found || !found->serving_epoch() || !nodes_[at]->running()) continue;
                const auto& log = found->log();
                const std::int64_t width = log.high_watermark() - log.log_start();
                if (width <= 0) continue;
                const std::int64_t up_to = universe_.random().between(0, width);
                broker_at(at).delete_records(found, log.log_start() + up_to);
                break;
            }
        }
    }

    /// A topic that is created and deleted, and comes again under the same name.
    runtime::awaitable<void> come_and_go() {
        const auto times = universe_.random().below(4);
        for (std::uint64_t count = 0; count < times; ++count) {
            co_await universe_.sleep_for(
                std::chrono::milliseconds(universe_.random().below(3'000)));
            if (!court_.create_topic("fleeting", 2, brokers)) continue;
            co_await universe_.sleep_for(
                std::chrono::milliseconds(universe_.random().below(2'000)));
            court_.delete_topic(court_.image().find_topic("fleeting")->id);
        }
    }

    [[nodiscard]] storm_broker& broker_at(std::size_t at) {
        return *std::next(brokers_.begin(), static_cast<std::ptrdiff_t>(at));
    }

    [[nodiscard]] partition_ptr find(std::size_t at, const kafka::topic_partition& which) {
        const auto* replicas = broker_at(at).replicas();
        return replicas == nullptr ? nullptr : replicas->find(which);
    }

    [[nodiscard]] bool is_recovered() {
        for (const auto& broker : brokers_) {
            if (broker.replicas() == nullptr || !broker.is_caught_up()) return false;
            // What was deleted is gone, here too.
            if (broker.replicas()->each().size() != names_.size()) return false;
        }
        for (const kafka::topic_partition& which : names_) {
            const auto index = static_cast<std::size_t>(which.partition.value());
            const auto& partition = court_.image().find_topic("storm")->partitions.at(index);
            if (partition.isr.size() != brokers) return false;
        }
        return true;
    }

    runtime::awaitable<void> recover() {
        const runtime::instant late = universe_.now() + recovery_max;
        while (!is_recovered()) {
            for (runtime::sim::node* each : nodes_) {
                if (!each->running()) each->restart();
            }
            co_await universe_.sleep_for(100ms);
            if (universe_.now() < late) continue;
            history_.violation("the cluster does not recover");
            co_return;
        }
    }

    /// Nobody writes any more: all replicas must come to the same log, all of it committed.
    [[nodiscard]] bool is_level(const kafka::topic_partition& which) {
        const partition_ptr first = find(0, which);
        for (std::size_t at = 0; at < nodes_.size(); ++at) {
            const partition_ptr each = find(at, which);
            if (!first || !each || each->log().log_end() != first->log().log_end()) return false;
            if (each->log().high_watermark() != each->log().log_end()) return false;
        }
        return true;
    }

    runtime::awaitable<void> compare() {
        if (!history_.violations().empty()) co_return;
        for (const kafka::topic_partition& which : names_) {
            const runtime::instant late = universe_.now() + 20s;
            while (!is_level(which) && universe_.now() < late) co_await universe_.sleep_for(50ms);
            if (!is_level(which)) {
                history_.violation(fmt::format("{}: the replicas do not come level", which));
                co_return;
            }
            // What was deleted before its leader was replaced need not be deleted everywhere.
            kafka::offset start{0};
            for (std::size_t at = 0; at < nodes_.size(); ++at) {
                start = std::max(start, find(at, which)->log().log_start());
            }
            std::vector<std::byte> first;
            for (std::size_t at = 0; at < nodes_.size(); ++at) {
                const std::vector<std::byte> all = co_await read_all(find(at, which), start);
                if (at == 0) {
                    first = all;
                    history_.final_log(which, start, values_in(all));
                } else if (all != first) {
                    history_.violation(fmt::format("{}: replica {} differs", which, at + 1));
                }
            }
        }
    }

    static runtime::awaitable<std::vector<std::byte>> read_all(partition_ptr which,
                                                               kafka::offset next) {
        storage::partition_log& log = which->log();
        std::vector<std::byte> all;
        while (next < log.high_watermark()) {
            const auto got = co_await log.read_bytes(
                {.from = next, .max_bytes = 1 << 20, .bound = log.high_watermark()});
            CHECK(got && !got->empty());
            kafka::records::batch_reader batches(*got);
            while (!batches.done()) {
                const auto batch = batches.next();
                CHECK(batch.has_value());
                const auto bytes = batch->bytes();
                all.insert(all.end(), bytes.begin(), bytes.end());
                next = batch->next_offset();
            }
        }
        co_return all;
    }

    runtime::sim::world universe_;
    storm_settings settings_;
    metadata_court court_;
    storm_history history_;
    std::list<storm_broker> brokers_;
    std::vector<runtime::sim::node*> nodes_;
    std::vector<kafka::topic_partition> names_;
    std::list<storm_writer> writers_;
    bool over_ = false;
    storm_report report_;
};

}  // namespace

storm_report run_storm(std::uint64_t seed, misdeed canary) {
    return storm(seed, canary).run();
}

}  // namespace verdikt::tests
