/// `verdikt verifiable-producer`: sends numbered values and prints the fate of each as a JSON line.
#include "cli/event_lines.h"
#include "cli/subcommands.h"
#include "cli/tool.h"
#include "client/producer.h"

#include <fmt/format.h>

#include <deque>
#include <memory>

namespace verdikt::cli {

namespace {

struct verifiable_producer_options {
    cluster_flags cluster;
    std::string topic;
    std::int64_t max_messages = -1;
    double throughput = -1;
    std::string acks = "-1";
    std::optional<std::int64_t> value_prefix;
    std::optional<std::int64_t> repeating_keys;
    std::int64_t create_time = -1;
};

class numbered_sender {
  public:
    numbered_sender(runtime::real::world& world,
                    client::producer& producer,
                    const verifiable_producer_options& options)
        : world_(world), producer_(producer), options_(options), started_(world.now()) {}

    runtime::awaitable<void> send_all() {
        while (options_.max_messages < 0 || sent_ < options_.max_messages) {
            co_await keep_to_rate();
            co_await send_one();
            tell_done();
        }
    }

    runtime::awaitable<int> finish() {
        co_await producer_.flush();
        tell_done();
        const double seconds =
            std::max(1e-9, std::chrono::duration<double>(world_.now() - started_).count());
        print_event(world_, "shutdown_complete");
        print_event(world_,
                    "tool_data",
                    {{"sent", sent_},
                     {"acked", acknowledged_},
                     {"target_throughput", options_.throughput},
                     {"avg_throughput", static_cast<double>(acknowledged_) / seconds}});
        co_return 0;
    }

  private:
    struct numbered_record {
        client::pending_delivery delivery;
        nlohmann::ordered_json fields;  ///< Key, value and topic, as every event about it has them.
    };

    runtime::awaitable<void> keep_to_rate() {
        if (options_.throughput <= 0) co_return;
        const std::chrono::duration<double> due(static_cast<double>(sent_) / options_.throughput);
        const auto when = started_ + std::chrono::duration_cast<runtime::duration>(due);
        if (when > world_.now()) co_await world_.sleep_until(when);
    }

    runtime::awaitable<void> send_one() {
        const std::string value = options_.value_prefix
                                      ? fmt::format("{}.{}", *options_.value_prefix, sent_)
                                      : std::to_string(sent_);
        std::optional<std::string> key;
        if (options_.repeating_keys) key = std::to_string(sent_ % *options_.repeating_keys);
        nlohmann::ordered_json fields{
            {"key", nullptr}, {"value", value}, {"topic", options_.topic}};
        if (key) fields["key"] = *key;
        client::producer_record record{.topic = options_.topic, .value = client::as_bytes(value)};
        if (key) record.key = client::as_bytes(*key);
        if (options_.create_time >= 0) record.time = kafka::timestamp(options_.create_time + sent_);
        const auto placed = co_await producer_.append(record);
        ++sent_;
        if (placed) {
            waiting_.push_back({*placed, std::move(fields)});
        } else {
            tell_error("producer_send_error", placed.error(), std::move(fields));
        }
    }

    void tell_done() {
        for (; !waiting_.empty() && waiting_.front().delivery.done(); waiting_.pop_front()) {
            auto& [pending, fields] = waiting_.front();
            const auto outcome = pending.outcome();
            if (const auto* acked = std::get_if<client::delivered>(&outcome)) {
                ++acknowledged_;
                fields["offset"] = acked->offset.value();
                fields["partition"] = acked->where.partition.value();
                print_event(world_, "producer_send_success", std::move(fields));
            } else if (const auto* failed = std::get_if<client::failed>(&outcome)) {
                tell_error("producer_send_error", failed->why, std::move(fields));
            } else {
                tell_error("producer_send_unknown",
                           std::get<client::unknown>(outcome).why,
                           std::move(fields));
            }
        }
    }

    void tell_error(std::string_view name,
                    const client::error& why,
                    nlohmann::ordered_json fields) {
        fields["exception"] = kafka::name(why.code);
        fields["message"] = why.message();
        print_event(world_, name, std::move(fields));
    }

    runtime::real::world& world_;
    client::producer& producer_;
    const verifiable_producer_options& options_;
    runtime::instant started_;
    std::deque<numbered_record> waiting_;
    std::int64_t sent_ = 0;
    std::int64_t acknowledged_ = 0;
};

runtime::awaitable<int> produce(runtime::real::world& world,
                                client::producer& producer,
                                const verifiable_producer_options& options) {
    print_event(world, "startup_complete");
    numbered_sender sender(world, producer, options);
    co_await until_terminated(world, sender.send_all());
    co_return co_await sender.finish();
}

int run(const verifiable_producer_options& options) {
    std::map<std::string, std::string> extra{{"acks", options.acks}};
    // Idempotence demands acks=all; a harness that asks for less means it.
    if (options.acks != "-1" && options.acks != "all") extra["enable.idempotence"] = "false";
    const auto settings = options.cluster.settings(client::role::producer, extra);
    return run_tool([&](runtime::real::world& world) {
        return with_client<client::producer>(world, settings, [&](client::producer& producer) {
            return produce(world, producer, options);
        });
    });
}

}  // namespace

action declare_verifiable_producer(flags& app) {
    const auto options = std::make_shared<verifiable_producer_options>();
    options->cluster.declare(app, "--producer.config,--command-config");
    app.add_option("--topic", options->topic, "where to send").required();
    app.add_option("--max-messages", options->max_messages, "how many; -1 until it is stopped");
    app.add_option("--throughput", options->throughput, "records a second; -1 for no limit");
    app.add_option("--acks", options->acks, "0, 1 or -1").one_of({"0", "1", "-1", "all"});
    app.add_option("--value-prefix", options->value_prefix, "values are PREFIX.NUMBER");
    app.add_option("--repeating-keys", options->repeating_keys, "keys 0 to N-1, over and over")
        .positive();
    app.add_option(
        "--message-create-time", options->create_time, "timestamp of the first record, ms");
    return [options] { return run(*options); };
}

}  // namespace verdikt::cli
