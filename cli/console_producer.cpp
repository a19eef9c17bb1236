/// `verdikt console-producer`: sends each line of standard input as a record.
#include "cli/line_input.h"
#include "cli/record_text.h"
#include "cli/subcommands.h"
#include "cli/tool.h"
#include "client/producer.h"

#include <fmt/format.h>
#include <unistd.h>

#include <deque>
#include <memory>

namespace verdikt::cli {

namespace {

struct console_producer_options {
    cluster_flags cluster;
    std::string topic;
    std::vector<std::string> properties;
    std::vector<std::string> settings;
    std::string compression;
    std::string acks;
    bool sync = false;
};

std::map<std::string, std::string> producer_settings(const console_producer_options& options) {
    auto settings = settings_of(options.settings);
    if (!options.compression.empty()) settings["compression.type"] = options.compression;
    if (!options.acks.empty()) settings["acks"] = options.acks;
    // Kafka's tool fills a batch from the pipe instead of sending each line alone.
    settings.try_emplace("linger.ms", "1000");
    return settings;
}

client::nullable_bytes bytes_of(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    return client::as_bytes(*text);
}

/// Sends lines, and remembers which of them did not arrive.
class line_sender {
  public:
    line_sender(client::producer& producer, const console_producer_options& options)
        : producer_(producer), options_(options) {}

    runtime::awaitable<void> send(const text_record& record) {
        std::vector<client::record_header> headers;
        for (const text_header& header : record.headers) {
            headers.push_back({header.key, bytes_of(header.value)});
        }
        const auto placed = co_await producer_.append({.topic = options_.topic,
                                                       .key = bytes_of(record.key),
                                                       .value = bytes_of(record.value),
                                                       .headers = headers});
        const auto& pending = value_or_fail(placed, "cannot send to " + options_.topic);
        pending_.push_back(pending);
        if (options_.sync) note(co_await pending.wait());
        forget_done();
    }

    runtime::awaitable<int> finish() {
        co_await producer_.flush();
        forget_done();
        co_return failures_ == 0 ? 0 : exit_failed;
    }

  private:
    void forget_done() {
        for (; !pending_.empty() && pending_.front().done(); pending_.pop_front()) {
            if (!options_.sync) note(pending_.front().outcome());
        }
    }

    void note(const client::delivery& outcome) {
        if (const auto* failed = std::get_if<client::failed>(&outcome)) {
            fmt::print(stderr, "not sent: {}\n", failed->why.message());
            ++failures_;
        }
        const auto* unknown = std::get_if<client::unknown>(&outcome);
        if (unknown != nullptr && options_.acks != "0") {
            fmt::print(stderr, "may or may not have arrived: {}\n", unknown->why.message());
            ++failures_;
        }
    }

    client::producer& producer_;
    const console_producer_options& options_;
    std::deque<client::pending_delivery> pending_;
    std::size_t failures_ = 0;
};

runtime::awaitable<void> send_lines(line_input& lines,
                                    const record_parser& parser,
                                    line_sender& sender) {
    const bool interactive = isatty(STDIN_FILENO) != 0;
    while (true) {
        if (interactive) {
            fmt::print(">");
            std::fflush(stdout);
        }
        const auto line = co_await lines.next();
        if (!line) co_return;
        const auto record = parser.parse(*line);
        if (!record) throw tool_failure(record.error());
        co_await sender.send(*record);
    }
}

runtime::awaitable<int> produce(runtime::real::world& world,
                                client::producer& producer,
                                const console_producer_options& options,
                                const record_parser& parser) {
    line_input lines(world.get_executor());
    line_sender sender(producer, options);
    co_await until_terminated(world, send_lines(lines, parser, sender));
    co_return co_await sender.finish();
}

int run(const console_producer_options& options) {
    const auto parser = record_parser::from(settings_of(options.properties));
    if (!parser) throw bad_arguments(parser.error());
    const auto settings =
        options.cluster.settings(client::role::producer, producer_settings(options));
    return run_tool([&](runtime::real::world& world) {
        return with_client<client::producer>(world, settings, [&](client::producer& producer) {
            return produce(world, producer, options, *parser);
        });
    });
}

}  // namespace

action declare_console_producer(flags& app) {
    const auto options = std::make_shared<console_producer_options>();
    options->cluster.declare(app, "--producer.config");
    app.add_option("--topic", options->topic, "where to send").required();
    app.add_option("--property",
                   options->properties,
                   "parse.key, key.separator, parse.headers, headers.delimiter, headers.separator, "
                   "headers.key.separator, null.marker");
    app.add_option("--producer-property", options->settings, "client setting, key=value");
    app.add_option("--compression-codec", options->compression, "none, gzip, snappy, lz4 or zstd");
    app.add_option("--request-required-acks", options->acks, "all, 1 or 0");
    app.add_flag("--sync", options->sync, "wait for each record before the next");
    return [options] { return run(*options); };
}

}  // namespace verdikt::cli
