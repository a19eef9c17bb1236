/// What recording costs those who record: sixteen clients of ours, each of which writes one record
/// after the other into a broker in page-cache mode, in turns without and with a history that is
/// written as a trial writes it. What there is to say is in the ratios between the two.
#include "client/closing.h"
#include "client/producer.h"
#include "race.h"
#include "requests.h"
#include "runtime/real/run.h"
#include "runtime/scope.h"
#include "scratch_directory.h"
#include "sections.h"
#include "servers.h"
#include "workloads/recorder/recorder.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace verdikt::bench {
namespace {

using namespace std::chrono_literals;
using checker::history::datum;
using checker::history::op_type;
using runtime::awaitable;

constexpr std::size_t clients = 16;
constexpr std::int64_t partitions = 4;
constexpr runtime::duration turn = 200ms;

class history_file final : public workloads::line_sink {
  public:
    explicit history_file(const std::string& path)
        : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600)) {}
    ~history_file() override { ::close(file_); }
    void append(std::string_view line) override {
        if (::write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
            throw std::runtime_error("the history cannot be written");
        }
    }

  private:
    int file_;
};

/// What was measured in turns of one kind.
struct measured_turns {
    double seconds = 0;
    double processor_seconds = 0;  ///< Of us; the broker is another process.
    std::vector<double> microseconds;

    [[nodiscard]] double a_second() const {
        return static_cast<double>(microseconds.size()) / seconds;
    }
    [[nodiscard]] double processor_microseconds_each() const {
        return 1e6 * processor_seconds / static_cast<double>(microseconds.size());
    }
    [[nodiscard]] double quantile(double which) {
        const auto at =
            microseconds.begin() +
            static_cast<std::ptrdiff_t>(which * static_cast<double>(microseconds.size() - 1));
        std::ranges::nth_element(microseconds, at);
        return *at;
    }
};

double processor_seconds_of_us() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// `["send", k, v]`, or once it is known where it lies `["send", k, [offset, v]]`.
datum value_of(std::int64_t partition, std::int64_t value, std::optional<std::int64_t> offset) {
    datum made;
    made.open_vector();
    made.open_vector();
    made.add_keyword("send");
    made.add_integer(partition);
    if (offset) {
        made.open_vector();
        made.add_integer(*offset);
    }
    made.add_integer(value);
    while (made.open_containers() > 0) made.close();
    return made;
}

class recorded_load {
  public:
    recorded_load(runtime::environment& world,
                  client::client_config config,
                  workloads::line_sink& sink)
        : world_(world), recorder_(sink, [&world] { return world.now(); }) {
        for (std::size_t each = 0; each < clients; ++each) {
            producers_.push_back(std::make_unique<client::producer>(world, config));
        }
    }

    /// Turn about, for at least so long.
    awaitable<void> run(runtime::duration how_long) {
        co_await take_turn(false);
        microseconds_.clear();
        const runtime::instant end = world_.now() + how_long;
        do {
            for (measured_turns* each : {&without, &with}) co_await measure(*each);
        } while (world_.now() < end);
    }

    awaitable<void> close() {
        for (auto& each : producers_) co_await each->close();
    }

    measured_turns without;
    measured_turns with;

  private:
    awaitable<void> measure(measured_turns& into) {
        const double processor = processor_seconds_of_us();
        const runtime::instant began = world_.now();
        co_await take_turn(&into == &with);
        into.seconds += std::chrono::duration<double>(world_.now() - began).count();
        into.processor_seconds += processor_seconds_of_us() - processor;
        into.microseconds.insert(
            into.microseconds.end(), microseconds_.begin(), microseconds_.end());
        microseconds_.clear();
    }

    awaitable<void> take_turn(bool recorded) {
        runtime::scope running(world_.get_executor());
        const runtime::instant until = world_.now() + turn;
        for (std::size_t each = 0; each < clients; ++each) {
            running.spawn(send_until(until, each, recorded));
        }
        co_await running.join();
    }

    awaitable<void> send_until(runtime::instant until, std::size_t number, bool recorded) {
        client::producer& writer = *producers_[number];
        const auto process = static_cast<std::int64_t>(number);
        const std::int64_t partition = process % partitions;
        while (world_.now() < until) {
            const runtime::instant began = world_.now();
            const std::int64_t value = next_value_++;
            if (recorded) {
                auto one =
                    recorder_.begin(process, "send", value_of(partition, value, std::nullopt));
                const std::int64_t offset = co_await send(writer, partition, value);
                one.value = value_of(partition, value, offset);
                one.end(op_type::ok);
            } else {
                static_cast<void>(co_await send(writer, partition, value));
            }
            microseconds_.push_back(
                std::chrono::duration<double, std::micro>(world_.now() - began).count());
        }
    }

    awaitable<std::int64_t> send(client::producer& writer,
                                 std::int64_t partition,
                                 std::int64_t value) {
        const std::string content = fmt::format("{}", value);
        const client::producer_record record{
            .topic = bench_topic,
            .partition = kafka::partition_index(static_cast<std::int32_t>(partition)),
            .value = client::as_bytes(content)};
        const client::delivery outcome = co_await writer.send(record);
        const auto* placed = std::get_if<client::delivered>(&outcome);
        if (placed == nullptr) throw std::runtime_error("a record was not delivered");
        co_return placed->offset.value();
    }

    runtime::environment& world_;
    workloads::recorder recorder_;
    std::vector<std::unique_ptr<client::producer>> producers_;
    std::int64_t next_value_ = 0;
    std::vector<double> microseconds_;
};

void print(std::string_view name, measured_turns& one, measured_turns& roof) {
    fmt::print(
        "    {:<20} {:>8.0f} a second {:>6.1f} %   {:>6.1f} us of the processor {:>6.1f} %   "
        "p50 {:>6.0f} us {:>6.1f} %   p99 {:>6.0f} us {:>6.1f} %\n",
        name,
        one.a_second(),
        100 * one.a_second() / roof.a_second(),
        one.processor_microseconds_each(),
        100 * one.processor_microseconds_each() / roof.processor_microseconds_each(),
        one.quantile(0.5),
        100 * one.quantile(0.5) / roof.quantile(0.5),
        one.quantile(0.99),
        100 * one.quantile(0.99) / roof.quantile(0.99));
}

awaitable<int> measure_all(runtime::environment& world,
                           client::client_config config,
                           const std::string& path,
                           runtime::duration how_long) {
    history_file sink(path);
    recorded_load load(world, std::move(config), sink);
    std::exception_ptr failure;
    try {
        co_await load.run(how_long);
    } catch (...) {
        failure = std::current_exception();
    }
    co_await load.close();
    if (failure) std::rethrow_exception(failure);
    fmt::print("  {} clients, one record each under way, acks=all\n", clients);
    print("not recorded", load.without, load.without);
    print("recorded", load.with, load.without);
    fmt::print("    goal for recorded: 5 % more, better 2 %\n");
    co_return 0;
}

}  // namespace

void run_recorder_section(const settings& settings) {
    const scratch_directory scratch;
    server broker =
        start_broker(scratch.path() / "log", durability::page_cache, placement::anywhere);
    create_topic(broker, partitions);
    const client::client_config config{
        .bootstrap_servers = {fmt::format("127.0.0.1:{}", broker.port())}};
    const std::string path = scratch.path() / "history.ndjson";
    const auto how_long = std::chrono::duration_cast<runtime::duration>(
        std::chrono::duration<double>(4 * settings.seconds));
    const int code = runtime::real::run(
        {}, [&](auto& world) { return measure_all(world, config, path, how_long); });
    if (code != 0) throw std::runtime_error("the recorder section did not end");
}

}  // namespace verdikt::bench
