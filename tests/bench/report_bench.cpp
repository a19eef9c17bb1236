/// What it costs to write a history down, and to make a report of it. The history is made while it
/// is read, so the roof is making it; reading it and looking at nothing comes next.
#include "apart.h"
#include "race.h"
#include "sections.h"

#include "checker/history/reader.h"
#include "checker/report/report.h"
#include "workloads/recorder/recorder.h"

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <string>
#include <utility>

namespace verdikt::bench {
namespace {

using namespace checker;
using clock = std::chrono::steady_clock;

constexpr std::size_t operations_wanted = 1'000'000;
constexpr std::int64_t clients = 16;

/// One send of one value by one of the clients, as text: how it begins and how it ends.
std::string send_text(std::int64_t at) {
    return fmt::format(
        R"({{"index":{0},"time":{2},"process":{4},"type":"invoke","f":"send","value":[["send",{5},{6}]]}}
{{"index":{1},"time":{3},"process":{4},"type":"ok","f":"send","value":[["send",{5},[{7},{6}]]]}}
)",
        2 * at,
        2 * at + 1,
        at * 60'000,
        at * 60'000 + 40'000,
        at % clients,
        at % 4,
        at,
        at / 4);
}

/// A history that nobody stores.
class endless_sends final : public history::byte_source {
  public:
    explicit endless_sends(std::size_t operations) : left_(operations) {}

    std::expected<std::size_t, std::string> read(std::span<char> into) override {
        while (ready_.size() - taken_ < into.size() && left_ > 0) {
            if (taken_ > into.size()) ready_.erase(0, std::exchange(taken_, 0));
            ready_ += send_text(next_++);
            --left_;
        }
        const std::size_t count = std::min(into.size(), ready_.size() - taken_);
        std::memcpy(into.data(), ready_.data() + taken_, count);
        taken_ += count;
        return count;
    }

  private:
    std::size_t left_;
    std::int64_t next_ = 0;
    std::string ready_;
    std::size_t taken_ = 0;
};

std::size_t make_text(std::size_t operations) {
    endless_sends source(operations);
    std::string piece(65536, ' ');
    while (*source.read(piece) > 0) keep(piece.data());
    return operations;
}

std::size_t read_all(std::size_t operations) {
    endless_sends source(operations);
    const auto reader = history::read_json(source);
    history::operation line;
    while (*reader->next(line)) keep(line.index);
    return operations;
}

/// A violation in the middle, so that there is something to trim and to draw.
report::run some_run(std::size_t operations) {
    const auto middle = static_cast<std::int64_t>(operations / 2);
    report::run what;
    what.test = "queue";
    what.says = verdict::violation;
    finding lost{.name = "lost-write", .promised_by = "acks=all", .count = 1, .examples = {}};
    lost.examples.push_back({.operations = {2 * middle + 1},
                             .what = "a value was lost",
                             .places = {{fmt::format("{}", middle % 4), middle / 4}}});
    judgement said;
    said.says = verdict::violation;
    said.violations = {lost};
    what.opinions = {{"log", said}};
    for (std::int64_t at = 0; at < 200; ++at) {
        what.faults.push_back({.kind = "kill",
                               .family = "process",
                               .what = "kill of one",
                               .targets = "node 1",
                               .from = at * 300'000'000,
                               .to = at * 300'000'000 + 100'000'000,
                               .bit = true});
    }
    return what;
}

std::size_t make_report(std::size_t operations) {
    endless_sends source(operations);
    keep(report::make_report(some_run(operations), source, {}).html.size());
    return operations;
}

class file_sink final : public workloads::line_sink {
  public:
    explicit file_sink(const char* path) : file_(::open(path, O_WRONLY | O_CLOEXEC)) {}
    ~file_sink() override { ::close(file_); }
    void append(std::string_view line) override { keep(::write(file_, line.data(), line.size())); }

  private:
    int file_;
};

/// Each line to the kernel as it happens, as a trial does it.
std::size_t record(std::size_t operations) {
    file_sink sink("/dev/null");
    workloads::recorder into(sink,
                             [] { return runtime::instant(clock::now().time_since_epoch()); });
    for (std::size_t at = 0; at < operations; ++at) {
        history::datum value;
        value.open_vector();
        value.open_vector();
        value.add_keyword("send");
        value.add_integer(static_cast<std::int64_t>(at % 4));
        value.add_integer(static_cast<std::int64_t>(at));
        value.close();
        value.close();
        auto one = into.begin(static_cast<std::int64_t>(at) % clients, "send", std::move(value));
        one.end(history::op_type::ok);
    }
    return operations;
}

}  // namespace

void run_report_section(const settings& settings) {
    const std::size_t operations = turn_size(operations_wanted, settings);
    race_and_print(fmt::format("operations, {} a turn", operations),
                   {{"making the text", [=] { return make_text(operations); }},
                    {"reading it", [=] { return read_all(operations); }},
                    {"its report", [=] { return make_report(operations); }},
                    {"recording it", [=] { return record(operations); }}},
                   settings,
                   millions);
    std::size_t text = 0;
    const cost whole = cost_apart([operations] {
        endless_sends source(operations);
        const auto made = report::make_report(some_run(operations), source, {});
        return done_apart{.result = made.html.size()};
    });
    endless_sends source(operations);
    std::string piece(65536, ' ');
    while (const std::size_t count = *source.read(piece)) text += count;
    fmt::print(
        "  {:.0f} MB of history of {} operations: {:.2f} s of the processor, {:.1f} MB of "
        "memory, a page of {:.3f} MB (goal: below 20)\n",
        static_cast<double>(text) / 1e6,
        operations,
        whole.seconds,
        static_cast<double>(whole.peak_bytes) / 1e6,
        static_cast<double>(whole.result) / 1e6);
}

}  // namespace verdikt::bench
