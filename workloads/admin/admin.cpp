#include "workloads/admin/admin.h"

#include "client/closing.h"
#include "workloads/admin/admin_worker.h"
#include "workloads/clients.h"
#include "workloads/topics.h"

#include <fmt/format.h>

#include <exception>
#include <list>
#include <utility>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using checker::history::op_type;
using runtime::awaitable;

namespace {

constexpr runtime::duration rest_between_tries = 300ms;

class admin_workload final : public workload {
  public:
    admin_workload(runtime::environment& world, admin_options plan, recorder& history)
        : world_(world), plan_(std::move(plan)), history_(history) {
        runtime::random_source seeds(plan_.load.seed);
        for (std::int32_t each = 0; each < plan_.load.concurrency; ++each) {
            workers_.emplace_back(world_, plan_, board_, history_, seeds.fork());
        }
    }

    /// Which topics there will be nobody knows before, so one stands still for faults to be aimed
    /// at.
    [[nodiscard]] aims fault_aims() const override {
        return {.partitions = {{.topic = aim(), .partition = kafka::partition_index(0)}}};
    }

    awaitable<std::expected<void, std::string>> set_up(runtime::instant deadline) override {
        client::new_topic still = topic_of(plan_.load, aim());
        still.partitions = 1;
        std::vector<client::new_topic> topics{std::move(still)};
        const auto whole = co_await make_topics(world_, plan_.load, std::move(topics), deadline);
        if (!whole) co_return whole;
        client::admin through(world_, client_settings(plan_.load, "set-up"));
        bool made = false;
        co_await client::use_and_close(through, begin(through, deadline, made));
        if (made) co_return std::expected<void, std::string>();
        co_return std::unexpected("no topic could be made");
    }

    awaitable<void> run(runtime::instant until) override {
        runtime::scope running(world_.get_executor());
        for (admin_worker& each : workers_) running.spawn(each.run(until));
        co_await running.join();
    }

    awaitable<void> finish(runtime::instant deadline) override {
        client::admin through(world_, client_settings(plan_.load, "final-reader"));
        co_await client::use_and_close(through, make_marker(through, deadline));
        if (marker_.empty()) co_return;
        const client::client_config settings = client_settings(plan_.load, "final-reader");
        client::cluster asking(world_, settings);
        asking.start();
        asking.request_metadata();
        std::exception_ptr failure;
        try {
            for (const kafka::node_id each : board_.brokers) {
                co_await ask_until_current(asking, each, deadline);
            }
        } catch (...) {
            failure = std::current_exception();
        }
        co_await asking.stop();
        if (failure) std::rethrow_exception(failure);
    }

    std::size_t crash_clients() override {
        std::size_t crashed = 0;
        for (admin_worker& each : workers_) crashed += each.crash() ? 1 : 0;
        return crashed;
    }

  private:
    [[nodiscard]] std::string aim() const { return plan_.prefix + "-not"; }

    /// The brokers are those that are there once a topic can be made.
    awaitable<void> begin(client::admin& through, runtime::instant deadline, bool& made) {
        while (!made && world_.now() < deadline) {
            made = co_await try_to_make_topic(through, history_.fresh_process());
            if (!made) co_await world_.sleep_for(rest_between_tries);
        }
        while (world_.now() < deadline) {
            const auto seen = co_await through.describe_cluster();
            if (seen && !seen->brokers.empty()) {
                for (const auto& each : seen->brokers) board_.brokers.emplace_back(each.id);
                co_return;
            }
            co_await world_.sleep_for(rest_between_tries);
        }
        made = false;
    }

    awaitable<bool> try_to_make_topic(client::admin& through, std::int64_t process) {
        topic_change what{.f = "create-topic",
                          .topic = fmt::format("{}-mark-{}", plan_.prefix, board_.next_name++),
                          .partitions = 1};
        for (const std::string& name : watched_configs()) {
            what.configs[name] = fmt::format("{}", config_value_base + board_.next_value++);
        }
        board_.note(what.topic);
        const op_type how = co_await change_topic(through, plan_, history_, process, what);
        if (how == op_type::ok) marker_ = what.topic;
        co_return how == op_type::ok;
    }

    awaitable<void> make_marker(client::admin& through, runtime::instant deadline) {
        marker_.clear();
        while (marker_.empty() && world_.now() < deadline) {
            const bool made = co_await try_to_make_topic(through, history_.fresh_process());
            if (!made) co_await world_.sleep_for(rest_between_tries);
        }
    }

    /// Until both answers of the broker show the last topic that was made.
    awaitable<void> ask_until_current(client::cluster& asking,
                                      kafka::node_id broker,
                                      runtime::instant deadline) {
        const std::int64_t process = history_.fresh_process();
        bool shapes_known = false;
        bool configs_known = false;
        while (world_.now() < deadline && !(shapes_known && configs_known)) {
            const auto shapes =
                co_await describe_topics(asking, history_, process, broker, board_.topics, true);
            shapes_known = shapes && shapes->contains(marker_) && shapes->at(marker_);
            const auto configs =
                co_await describe_configs(asking, history_, process, broker, board_.topics, true);
            configs_known = configs && configs->contains(marker_) && configs->at(marker_);
            if (shapes_known && configs_known) co_return;
            asking.request_metadata();
            co_await world_.sleep_for(rest_between_tries);
        }
    }

    static constexpr std::int64_t config_value_base = 100'000'000;

    runtime::environment& world_;
    admin_options plan_;
    recorder& history_;
    admin_board board_;
    std::list<admin_worker> workers_;
    std::string marker_;  ///< The topic that was made last.
};

}  // namespace

std::unique_ptr<workload> make_admin(runtime::environment& world,
                                     admin_options plan,
                                     recorder& history) {
    return std::make_unique<admin_workload>(world, std::move(plan), history);
}

}  // namespace verdikt::workloads
