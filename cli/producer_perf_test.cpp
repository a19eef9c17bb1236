/// `verdikt producer-perf-test`: sends records as fast as asked for and reports rate and latency.
#include "cli/latency_statistics.h"
#include "cli/subcommands.h"
#include "cli/tool.h"
#include "client/producer.h"

#include <fmt/format.h>

#include <deque>
#include <fstream>
#include <memory>

namespace verdikt::cli {

namespace {

struct perf_test_options {
    std::string topic;
    std::uint64_t records = 0;
    std::uint64_t record_size = 0;
    std::string payload_file;
    double throughput = -1;
    std::vector<std::string> settings;
    std::string settings_file;
};

/// Counts one stretch of the run: the report line every five seconds, and the last one.
struct stretch {
    runtime::instant started;
    latency_statistics latency;
    std::uint64_t bytes = 0;
};

std::string report(const stretch& measured, runtime::instant now) {
    const double seconds =
        std::max(1e-9, std::chrono::duration<double>(now - measured.started).count());
    const auto count = static_cast<double>(measured.latency.count());
    return fmt::format(
        "{} records sent, {:.1f} records/sec ({:.2f} MB/sec), {:.2f} ms avg latency, {:.2f} ms max "
        "latency",
        measured.latency.count(),
        count / seconds,
        static_cast<double>(measured.bytes) / seconds / (1024 * 1024),
        measured.latency.average_ms(),
        measured.latency.max_ms());
}

std::string percentiles(const latency_statistics& latency) {
    return fmt::format("{:.2f} ms 50th, {:.2f} ms 95th, {:.2f} ms 99th, {:.2f} ms 99.9th",
                       latency.percentile_ms(0.5),
                       latency.percentile_ms(0.95),
                       latency.percentile_ms(0.99),
                       latency.percentile_ms(0.999));
}

class perf_test {
  public:
    perf_test(runtime::real::world& world,
              client::producer& producer,
              const perf_test_options& options,
              const std::vector<std::string>& payloads)
        : world_(world), producer_(producer), options_(options), payloads_(payloads) {}

    runtime::awaitable<void> send_all() {
        started_ = total_.started = window_.started = world_.now();
        for (std::uint64_t sent = 0; sent < options_.records; ++sent) {
            co_await keep_to_rate(sent);
            const std::string& payload = payloads_[sent % payloads_.size()];
            const auto placed = co_await producer_.append(
                {.topic = options_.topic, .value = client::as_bytes(payload)});
            const auto& pending = value_or_fail(placed, "cannot send to " + options_.topic);
            waiting_.push_back({pending, world_.now(), payload.size()});
            count_done();
        }
    }

    runtime::awaitable<int> finish() {
        // Whoever waits for the oldest outcome sees it as soon as it is there.
        while (!waiting_.empty()) {
            co_await waiting_.front().delivery.wait();
            count_done();
        }
        fmt::print("{}, {}.\n", report(total_, world_.now()), percentiles(total_.latency));
        if (lost_ != 0) fmt::print(stderr, "{} records failed or have an unknown outcome\n", lost_);
        co_return lost_ == 0 ? 0 : exit_failed;
    }

  private:
    struct sent_record {
        client::pending_delivery delivery;
        runtime::instant when;
        std::size_t size;
    };

    runtime::awaitable<void> keep_to_rate(std::uint64_t sent) {
        if (options_.throughput <= 0) co_return;
        const std::chrono::duration<double> due(static_cast<double>(sent) / options_.throughput);
        const auto when = started_ + std::chrono::duration_cast<runtime::duration>(due);
        if (when > world_.now()) co_await world_.sleep_until(when);
    }

    void count_done() {
        const runtime::instant now = world_.now();
        for (; !waiting_.empty() && waiting_.front().delivery.done(); waiting_.pop_front()) {
            const sent_record& record = waiting_.front();
            const auto outcome = record.delivery.outcome();
            const bool unanswered = std::holds_alternative<client::unknown>(outcome);
            if (!std::holds_alternative<client::delivered>(outcome) &&
                !(unanswered && fire_and_forget())) {
                ++lost_;
                continue;
            }
            for (stretch* measured : {&total_, &window_}) {
                measured->latency.add(now - record.when);
                measured->bytes += record.size;
            }
        }
        if (now - window_.started < std::chrono::seconds(5)) return;
        fmt::print("{}.\n", report(window_, now));
        std::fflush(stdout);
        window_ = stretch{.started = now, .latency = {}};
    }

    /// With acks=0 every outcome is unknown, and that is what was asked for.
    [[nodiscard]] bool fire_and_forget() const {
        return std::ranges::find(options_.settings, "acks=0") != options_.settings.end();
    }

    runtime::real::world& world_;
    client::producer& producer_;
    const perf_test_options& options_;
    const std::vector<std::string>& payloads_;
    std::deque<sent_record> waiting_;
    runtime::instant started_{};
    stretch total_{};
    stretch window_{};
    std::uint64_t lost_ = 0;
};

/// Lines of the payload file, or one record of random letters (seeded: runs are comparable).
std::vector<std::string> make_payloads(const perf_test_options& options) {
    std::vector<std::string> payloads;
    if (!options.payload_file.empty()) {
        std::ifstream file(options.payload_file);
        for (std::string line; std::getline(file, line);) payloads.push_back(line);
        if (payloads.empty()) {
            throw bad_arguments(fmt::format("no line in payload file '{}'", options.payload_file));
        }
        return payloads;
    }
    runtime::random_source random(0);
    std::string payload(options.record_size, ' ');
    for (char& letter : payload) letter = static_cast<char>('A' + random.below(26));
    payloads.push_back(std::move(payload));
    return payloads;
}

runtime::awaitable<int> measure(runtime::real::world& world,
                                client::producer& producer,
                                const perf_test_options& options,
                                const std::vector<std::string>& payloads) {
    perf_test test(world, producer, options, payloads);
    co_await until_terminated(world, test.send_all());
    co_return co_await test.finish();
}

int run(const perf_test_options& options) {
    const std::vector<std::string> payloads = make_payloads(options);
    std::map<std::string, std::string> properties;
    if (!options.settings_file.empty()) properties = read_settings_file(options.settings_file);
    for (const auto& [name, value] : settings_of(options.settings)) properties[name] = value;
    const auto settings = client::client_config::parse(client::role::producer, properties);
    if (!settings) throw bad_arguments(settings.error());
    return run_tool([&](runtime::real::world& world) {
        return with_client<client::producer>(world, *settings, [&](client::producer& producer) {
            return measure(world, producer, options, payloads);
        });
    });
}

}  // namespace

action declare_producer_perf_test(flags& app) {
    const auto options = std::make_shared<perf_test_options>();
    app.add_option("--topic", options->topic, "where to send").required();
    app.add_option("--num-records", options->records, "how many to send").required().positive();
    flags payload = app.group("payload");
    payload.add_option("--record-size", options->record_size, "bytes of each value").positive();
    payload.add_option("--payload-file", options->payload_file, "values, one a line, in turn");
    payload.require_one();
    app.add_option("--throughput", options->throughput, "records a second; -1 for no limit")
        .required();
    app.add_option("--producer-props", options->settings, "bootstrap.servers=… acks=… and others")
        .many();
    app.add_option("--producer.config", options->settings_file, "file of client settings");
    return [options] { return run(*options); };
}

}  // namespace verdikt::cli
