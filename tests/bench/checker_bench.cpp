/// The checkers, from text to verdict: operations a second, and how much memory each of them takes
/// at its peak, for histories that grow tenfold. Each is judged in a process of its own, so that
/// its peak is its own. A second is one of processor time: a checker is one thread and waits for
/// nobody. Beside each stands its text alone, made and parsed.
#include "checker/list_append/list_append_checker.h"
#include "checker/log/log_checker.h"
#include "checker/rw_register/rw_register_checker.h"
#include "history_text.h"
#include "race.h"
#include "sections.h"
#include "system_failure.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <ctime>

namespace verdikt::bench {
namespace {

using checker::verdict;
using checker::history::operation_reader;

verdict read_only(operation_reader& reader) {
    checker::history::operation line;
    while (reader.next(line).value_or(false)) {
    }
    return verdict::valid;
}

verdict judge_lists(operation_reader& reader) {
    const auto history = checker::list_append::list_history::read(reader);
    const auto model = checker::transactions::consistency_model::named("strict-serializable");
    return checker::list_append::check(*history, *model).says;
}

verdict judge_registers(operation_reader& reader) {
    const auto history = checker::rw_register::read(reader);
    const auto model = checker::transactions::consistency_model::named("strict-serializable");
    return checker::rw_register::check(*history, {.model = *model}).says;
}

verdict judge_log(operation_reader& reader) {
    const auto history = checker::log::recording::read(reader);
    return checker::log::check(*history, {.finally = checker::log::final_reads::recorded}).says;
}

struct subject {
    std::string_view name;
    history_of what;
    verdict (*judge)(operation_reader& reader);
    /// Nothing is read to its end at last, so for a log it is open whether something was lost.
    verdict expected;
};

constexpr std::array subjects{
    subject{"text of lists alone", history_of::lists, read_only, verdict::valid},
    subject{"list-append", history_of::lists, judge_lists, verdict::valid},
    subject{"text of registers alone", history_of::registers, read_only, verdict::valid},
    subject{"rw-register", history_of::registers, judge_registers, verdict::valid},
    subject{"text of messages alone", history_of::messages, read_only, verdict::valid},
    subject{"kafka", history_of::messages, judge_log, verdict::inconclusive},
};

struct measured {
    double seconds = 0;  ///< Of processor time.
    verdict says = verdict::crash;
};

measured judge_once(const subject& which, std::uint64_t operations) {
    history_text text(which.what, operations);
    const auto reader = checker::history::read_json(text);
    const std::clock_t began = std::clock();
    const verdict says = which.judge(*reader);
    return {static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC, says};
}

/// In a process of its own; the peak of its memory beyond what it began with.
measured judge_apart(const subject& which, std::uint64_t operations, std::uint64_t& peak_bytes) {
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) fail("pipe");
    const pid_t child = ::fork();
    if (child < 0) fail("fork");
    rusage before{};
    ::getrusage(RUSAGE_SELF, &before);
    if (child == 0) {
        const measured result = judge_once(which, operations);
        const auto written = ::write(pipe[1], &result, sizeof result);
        ::_exit(written == sizeof result ? 0 : 1);
    }
    measured result;
    ::close(pipe[1]);
    if (::read(pipe[0], &result, sizeof result) != sizeof result) result = {};
    ::close(pipe[0]);
    int status = 0;
    rusage used{};
    ::wait4(child, &status, 0, &used);
    constexpr std::uint64_t kib = 1024;
    const auto more = std::max(0L, used.ru_maxrss - before.ru_maxrss);
    peak_bytes = static_cast<std::uint64_t>(more) * kib;
    return result;
}

}  // namespace

void run_checker_section(const settings& settings) {
    for (const subject& which : subjects) {
        for (const std::uint64_t wanted : {100'000ULL, 1'000'000ULL, 10'000'000ULL}) {
            const std::uint64_t operations = turn_size(wanted, settings);
            std::uint64_t peak = 0;
            const measured result = judge_apart(which, operations, peak);
            fmt::print(
                "    {:<24} {:>9} operations {:>8.2f} s {:>10.0f} a second {:>6.0f} bytes "
                "each{}\n",
                which.name,
                operations,
                result.seconds,
                static_cast<double>(operations) / result.seconds,
                static_cast<double>(peak) / static_cast<double>(operations),
                result.says == which.expected ? "" : "  WRONG VERDICT");
        }
    }
}

}  // namespace verdikt::bench
