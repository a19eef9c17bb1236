#include "workloads/compaction/compaction.h"

#include "workloads/compaction/compaction_worker.h"
#include "workloads/compaction/partition_scan.h"
#include "workloads/topics.h"

#include <list>
#include <utility>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using checker::history::datum;
using checker::history::op_type;
using runtime::awaitable;

namespace {

constexpr runtime::duration final_scan_patience = 15s;

class compaction final : public workload {
  public:
    compaction(runtime::environment& world, compaction_options plan, recorder& history)
        : world_(world), plan_(std::move(plan)), history_(history) {
        board_.highest.assign(static_cast<std::size_t>(plan_.all_partitions()), -1);
        runtime::random_source seeds(plan_.load.seed);
        for (std::int32_t each = 0; each < plan_.load.concurrency; ++each) {
            workers_.emplace_back(world_, plan_, board_, history_, seeds.fork());
        }
    }

    [[nodiscard]] aims fault_aims() const override {
        aims all;
        for (std::int32_t each = 0; each < plan_.all_partitions(); ++each) {
            all.partitions.push_back(place_of(plan_, each));
        }
        return all;
    }

    awaitable<std::expected<void, std::string>> set_up(runtime::instant deadline) override {
        std::vector<client::new_topic> topics{
            topic_of(plan_.load, plan_.compacted_topic, plan_.compacted_configs()),
            topic_of(plan_.load, plan_.aging_topic, plan_.aging_configs())};
        topics.back().partitions = plan_.aging_partitions();
        auto made = co_await make_topics(world_, plan_.load, std::move(topics), deadline);
        if (!made) co_return made;
        open_operation op = history_.begin(history_.fresh_process(), "create", rules());
        op.end(op_type::ok);
        co_return made;
    }

    awaitable<void> run(runtime::instant until) override {
        runtime::scope running(world_.get_executor());
        for (compaction_worker& each : workers_) running.spawn(each.run(until));
        co_await running.join();
    }

    awaitable<void> finish(runtime::instant deadline) override {
        const std::int64_t process = history_.fresh_process();
        for (std::int32_t each = 0; each < plan_.all_partitions(); ++each) {
            while (world_.now() < deadline) {
                const auto until = std::min(deadline, world_.now() + final_scan_patience);
                const bool done =
                    co_await scan_partition(world_, plan_, history_, process, each, until);
                if (done) break;
            }
        }
    }

    std::size_t crash_clients() override {
        std::size_t crashed = 0;
        for (compaction_worker& each : workers_) crashed += each.crash() ? 1 : 0;
        return crashed;
    }

  private:
    [[nodiscard]] datum rules() const {
        datum made;
        made.open_map();
        for (std::int32_t each = 0; each < plan_.all_partitions(); ++each) {
            const bool compacted = plan_.is_compacted(each);
            made.add_integer(each);
            made.open_map();
            made.add_keyword("cleanup.policy");
            made.add_text(compacted ? "compact" : "delete");
            made.add_keyword("delete.retention.ms");
            made.add_integer(plan_.tombstones_kept.count());
            made.add_keyword("retention.ms");
            made.add_integer(compacted ? -1 : plan_.records_kept.count());
            made.close();
        }
        made.close();
        return made;
    }

    runtime::environment& world_;
    compaction_options plan_;
    recorder& history_;
    compaction_board board_;
    std::list<compaction_worker> workers_;
};

}  // namespace

std::unique_ptr<workload> make_compaction(runtime::environment& world,
                                          compaction_options plan,
                                          recorder& history) {
    return std::make_unique<compaction>(world, std::move(plan), history);
}

}  // namespace verdikt::workloads
