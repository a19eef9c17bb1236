/// `verdikt verifiable-consumer`: a member of a group that prints what happens to it as JSON lines.
#include "cli/event_lines.h"
#include "cli/subcommands.h"
#include "cli/tool.h"
#include "client/consumer.h"

#include <fmt/format.h>

#include <memory>

namespace verdikt::cli {

namespace {

struct verifiable_consumer_options {
    cluster_flags cluster;
    std::string topic;
    std::string group;
    std::string instance;
    std::int64_t max_messages = -1;
    std::int64_t session_timeout_ms = 30'000;
    bool auto_commit = false;
    bool verbose = false;
    std::string reset_policy = "earliest";
    std::string strategy = "range";
};

nlohmann::ordered_json partitions_json(const client::partition_set& partitions) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& where : partitions) {
        list.push_back({{"topic", where.topic}, {"partition", where.partition.value()}});
    }
    return {{"partitions", std::move(list)}};
}

nlohmann::ordered_json text_or_null(const client::nullable_bytes& bytes) {
    if (!bytes) return nullptr;
    return client::as_text(*bytes);
}

class group_reader final : public client::rebalance_listener {
  public:
    group_reader(runtime::real::world& world,
                 client::consumer& consumer,
                 const verifiable_consumer_options& options)
        : world_(world), consumer_(consumer), options_(options) {}

    runtime::awaitable<void> on_assigned(client::partition_set partitions) override {
        print_event(world_, "partitions_assigned", partitions_json(partitions));
        co_return;
    }
    runtime::awaitable<void> on_revoked(client::partition_set partitions) override {
        print_event(world_, "partitions_revoked", partitions_json(partitions));
        co_return;
    }

    runtime::awaitable<void> read() {
        value_or_fail(consumer_.subscribe({options_.topic}, this), "subscribe");
        while (options_.max_messages < 0 || consumed_ < options_.max_messages) {
            const auto polled = co_await consumer_.poll(std::chrono::milliseconds(100));
            if (!polled) {
                fmt::print(stderr, "poll: {}\n", polled.error().message());
                if (polled.error().fatal()) throw tool_failure("cannot go on");
                continue;
            }
            if (polled->empty()) continue;
            consumed_ += static_cast<std::int64_t>(polled->size());
            tell_records(*polled);
            if (!options_.auto_commit) co_await commit(*polled);
        }
    }

  private:
    struct span_of_offsets {
        std::int64_t count = 0;
        std::int64_t min = INT64_MAX;
        std::int64_t max = -1;
    };

    void tell_records(const client::consumed_records& records) {
        std::map<kafka::topic_partition, span_of_offsets> spans;
        for (const client::consumed_record& record : records) {
            auto& span = spans[{std::string(record.topic), record.partition}];
            ++span.count;
            span.min = std::min(span.min, record.offset.value());
            span.max = std::max(span.max, record.offset.value());
            if (!options_.verbose) continue;
            print_event(world_,
                        "record_data",
                        {{"topic", record.topic},
                         {"partition", record.partition.value()},
                         {"offset", record.offset.value()},
                         {"key", text_or_null(record.key)},
                         {"value", text_or_null(record.value)}});
        }
        auto list = nlohmann::ordered_json::array();
        for (const auto& [where, span] : spans) {
            list.push_back({{"topic", where.topic},
                            {"partition", where.partition.value()},
                            {"count", span.count},
                            {"minOffset", span.min},
                            {"maxOffset", span.max}});
        }
        print_event(world_, "records_consumed", {{"count", records.size()}, {"partitions", list}});
    }

    runtime::awaitable<void> commit(client::consumed_records records) {
        client::offset_map offsets;
        for (const client::consumed_record& record : records) {
            offsets[{std::string(record.topic), record.partition}] = {
                .offset = record.offset.next(), .epoch = record.epoch};
        }
        const auto committed = co_await consumer_.commit(offsets);
        auto list = nlohmann::ordered_json::array();
        for (const auto& [where, position] : offsets) {
            list.push_back({{"topic", where.topic},
                            {"partition", where.partition.value()},
                            {"offset", position.offset.value()}});
        }
        nlohmann::ordered_json fields{{"success", committed.has_value()}, {"offsets", list}};
        if (!committed) fields["error"] = committed.error().message();
        print_event(world_, "offsets_committed", std::move(fields));
    }

    runtime::real::world& world_;
    client::consumer& consumer_;
    const verifiable_consumer_options& options_;
    std::int64_t consumed_ = 0;
};

runtime::awaitable<int> consume(runtime::real::world& world,
                                client::consumer& consumer,
                                const verifiable_consumer_options& options) {
    print_event(world, "startup_complete");
    group_reader reader(world, consumer, options);
    co_await until_terminated(world, reader.read());
    // Leaves the group while the listener that hears of the revocation still lives.
    value_or_fail(co_await consumer.close(), "close");
    print_event(world, "shutdown_complete");
    co_return 0;
}

int run(const verifiable_consumer_options& options) {
    std::map<std::string, std::string> extra{
        {"group.id", options.group},
        {"session.timeout.ms", std::to_string(options.session_timeout_ms)},
        {"enable.auto.commit", options.auto_commit ? "true" : "false"},
        {"auto.offset.reset", options.reset_policy},
        {"partition.assignment.strategy", options.strategy}};
    if (!options.instance.empty()) extra["group.instance.id"] = options.instance;
    if (options.max_messages > 0) {
        extra["max.poll.records"] =
            std::to_string(std::min<std::int64_t>(500, options.max_messages));
    }
    const auto settings = options.cluster.settings(client::role::consumer, extra);
    return run_tool([&](runtime::real::world& world) {
        return with_client<client::consumer>(world, settings, [&](client::consumer& consumer) {
            return consume(world, consumer, options);
        });
    });
}

}  // namespace

action declare_verifiable_consumer(flags& app) {
    const auto options = std::make_shared<verifiable_consumer_options>();
    options->cluster.declare(app, "--consumer.config,--command-config");
    app.add_option("--topic", options->topic, "what to read").required();
    app.add_option("--group-id", options->group, "which group to join").required();
    app.add_option("--group-instance-id", options->instance, "join as this static member");
    app.add_option("--max-messages", options->max_messages, "stop after so many; -1 never");
    app.add_option(
        "--session-timeout", options->session_timeout_ms, "ms until a silent member is out");
    app.add_flag("--enable-autocommit", options->auto_commit, "commit now and then, not each poll");
    app.add_flag("--verbose", options->verbose, "print each record");
    app.add_option("--reset-policy", options->reset_policy, "where to start without a commit")
        .one_of({"earliest", "latest", "none"});
    app.add_option("--assignment-strategy",
                   options->strategy,
                   "range, roundrobin, sticky or cooperative-sticky");
    return [options] { return run(*options); };
}

}  // namespace verdikt::cli
