/// `verdikt console-consumer`: prints records as they come, as kafka-console-consumer does.
#include "cli/record_text.h"
#include "cli/subcommands.h"
#include "cli/tool.h"
#include "client/consumer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <span>

namespace verdikt::cli {

namespace {

struct console_consumer_options {
    cluster_flags cluster;
    std::string topic;
    std::string group;
    std::optional<std::int32_t> partition;
    std::string offset = "latest";
    bool from_beginning = false;
    std::int64_t max_messages = -1;
    std::int64_t timeout_ms = -1;
    std::string isolation_level;
    std::vector<std::string> properties;
    std::vector<std::string> settings;
};

std::map<std::string, std::string> consumer_settings(const console_consumer_options& options) {
    auto settings = settings_of(options.settings);
    if (!options.group.empty()) settings["group.id"] = options.group;
    if (!options.isolation_level.empty()) settings["isolation.level"] = options.isolation_level;
    if (options.from_beginning) settings["auto.offset.reset"] = "earliest";
    // Without a group of its own the tool leaves no trace in the cluster.
    if (!settings.contains("group.id")) settings["enable.auto.commit"] = "false";
    return settings;
}

std::optional<std::string_view> text_of(const client::nullable_bytes& bytes) {
    if (!bytes) return std::nullopt;
    return client::as_text(*bytes);
}

printed_record printable(const client::consumed_record& record) {
    printed_record printed{.partition = record.partition.value(),
                           .offset = record.offset.value(),
                           .leader_epoch = record.epoch.value(),
                           .timestamp_ms = record.time.value(),
                           .key = text_of(record.key),
                           .value = text_of(record.value)};
    for (const client::record_header& header : record.headers) {
        printed.headers.emplace_back(header.key, text_of(header.value));
    }
    return printed;
}

void seek(client::consumer& consumer,
          const console_consumer_options& options,
          const client::partition_set& partitions) {
    if (options.from_beginning || options.offset == "earliest") {
        value_or_fail(consumer.seek_to_beginning(partitions), "seek");
    } else if (options.offset == "latest") {
        value_or_fail(consumer.seek_to_end(partitions), "seek");
    } else {
        std::int64_t offset = 0;
        std::from_chars(
            options.offset.data(), options.offset.data() + options.offset.size(), offset);
        for (const auto& where : partitions) {
            value_or_fail(consumer.seek(where, {.offset = kafka::offset(offset)}), "seek");
        }
    }
}

/// As a member of the group; without one, all partitions, or the one asked for.
runtime::awaitable<void> start(client::consumer& consumer,
                               const console_consumer_options& options) {
    if (!options.group.empty()) {
        value_or_fail(consumer.subscribe({options.topic}), "subscribe");
        co_return;
    }
    client::partition_set partitions;
    if (options.partition) {
        partitions.insert({options.topic, kafka::partition_index(*options.partition)});
    } else {
        partitions = value_or_fail(co_await consumer.partitions_of(options.topic),
                                   "partitions of " + options.topic);
    }
    value_or_fail(consumer.assign(partitions), "assign");
    seek(consumer, options, partitions);
}

/// As Kafka's tool: what was polled but not printed is not committed either.
void give_back(client::consumer& consumer, std::span<const client::consumed_record> unprinted) {
    client::partition_set seen;
    for (const client::consumed_record& record : unprinted) {
        const client::topic_partition where{std::string(record.topic), record.partition};
        if (!seen.insert(where).second) continue;
        value_or_fail(consumer.seek(where, {.offset = record.offset}), "seek");
    }
}

runtime::awaitable<void> print_records(runtime::environment& world,
                                       client::consumer& consumer,
                                       const console_consumer_options& options,
                                       const record_printer& printer,
                                       std::int64_t& printed) {
    co_await start(consumer, options);
    runtime::instant last_record = world.now();
    const auto patience = std::chrono::milliseconds(options.timeout_ms);
    while (options.max_messages < 0 || printed < options.max_messages) {
        const auto polled = co_await consumer.poll(std::chrono::milliseconds(100));
        const auto& records = value_or_fail(polled, "poll");
        const std::size_t wanted = options.max_messages < 0
                                       ? records.size()
                                       : static_cast<std::size_t>(options.max_messages - printed);
        const auto shown = std::span(records).first(std::min(wanted, records.size()));
        for (const client::consumed_record& record : shown) {
            fmt::print("{}", printer.print(printable(record)));
        }
        printed += static_cast<std::int64_t>(shown.size());
        give_back(consumer, std::span(records).subspan(shown.size()));
        std::fflush(stdout);
        if (!records.empty()) last_record = world.now();
        if (options.timeout_ms >= 0 && world.now() - last_record >= patience) co_return;
    }
}

runtime::awaitable<int> consume(runtime::real::world& world,
                                client::consumer& consumer,
                                const console_consumer_options& options,
                                const record_printer& printer) {
    std::int64_t printed = 0;
    co_await until_terminated(world, print_records(world, consumer, options, printer, printed));
    fmt::print(stderr, "Processed a total of {} messages\n", printed);
    co_return 0;
}

void check(const console_consumer_options& options) {
    if (options.partition && !options.group.empty()) {
        throw bad_arguments(
            "--partition and --group exclude one another: a group assigns partitions");
    }
    const bool word = options.offset == "earliest" || options.offset == "latest";
    const bool number = !options.offset.empty() &&
                        options.offset.find_first_not_of("0123456789") == std::string::npos;
    if (!word && !number) {
        throw bad_arguments(
            fmt::format("--offset '{}' is not a number, earliest or latest", options.offset));
    }
    if (number && !options.partition)
        throw bad_arguments("--offset with a number needs --partition");
}

int run(const console_consumer_options& options) {
    check(options);
    const auto printer = record_printer::from(settings_of(options.properties));
    if (!printer) throw bad_arguments(printer.error());
    const auto settings =
        options.cluster.settings(client::role::consumer, consumer_settings(options));
    return run_tool([&](runtime::real::world& world) {
        return with_client<client::consumer>(world, settings, [&](client::consumer& consumer) {
            return consume(world, consumer, options, *printer);
        });
    });
}

}  // namespace

action declare_console_consumer(flags& app) {
    const auto options = std::make_shared<console_consumer_options>();
    options->cluster.declare(app, "--consumer.config");
    app.add_option("--topic", options->topic, "what to read").required();
    app.add_option("--group", options->group, "read as a member of this group, and commit");
    app.add_option("--partition", options->partition, "read only this partition").non_negative();
    app.add_option("--offset", options->offset, "where to start: a number, earliest or latest");
    app.add_flag("--from-beginning", options->from_beginning, "start at the oldest record");
    app.add_option("--max-messages", options->max_messages, "stop after so many");
    app.add_option("--timeout-ms", options->timeout_ms, "stop when none came for so long");
    app.add_option("--isolation-level", options->isolation_level, "what of transactions to read")
        .one_of({"read_committed", "read_uncommitted"});
    app.add_option("--property",
                   options->properties,
                   "print.timestamp, print.partition, print.offset, print.epoch, print.headers, "
                   "print.key, print.value, key.separator, line.separator, headers.separator, "
                   "null.literal");
    app.add_option("--consumer-property", options->settings, "client setting, key=value");
    return [options] { return run(*options); };
}

}  // namespace verdikt::cli
