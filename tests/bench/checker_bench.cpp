/// The checkers, from the text of a history to a verdict: operations a second, and how much memory
/// each of them takes at its peak, for histories that grow tenfold. The last line of each is what
/// says whether that growth is linear.
///
/// Each history is judged in a process of its own, so that its peak is its own, and made while it
/// is read; making it does not count. A second is one of processor time: a checker is one thread
/// and waits for nobody.
#include "apart.h"
#include "checker/admin/admin_checker.h"
#include "checker/availability/availability.h"
#include "checker/compaction/compaction_checker.h"
#include "checker/exactly_once/exactly_once_checker.h"
#include "checker/groups/groups_checker.h"
#include "checker/list_append/list_append_checker.h"
#include "checker/log/log_checker.h"
#include "checker/rw_register/rw_register_checker.h"
#include "history_text.h"
#include "race.h"
#include "sections.h"

#include <fmt/format.h>

#include <array>
#include <utility>
#include <vector>

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
    return history ? checker::list_append::check(*history, *model).says : verdict::crash;
}

verdict judge_registers(operation_reader& reader) {
    const auto history = checker::rw_register::read(reader);
    const auto model = checker::transactions::consistency_model::named("strict-serializable");
    return history ? checker::rw_register::check(*history, {.model = *model}).says : verdict::crash;
}

verdict judge_log(operation_reader& reader) {
    const auto history = checker::log::recording::read(reader);
    if (!history) return verdict::crash;
    return checker::log::check(*history, {.finally = checker::log::final_reads::recorded}).says;
}

/// A fault every five seconds, for a hundred seconds.
verdict judge_availability(operation_reader& reader) {
    constexpr std::int64_t second = 1'000'000'000;
    std::vector<checker::availability::disturbance> faults;
    for (std::int64_t at = 5; at < 100; at += 5)
        faults.push_back({"kill", at * second, at * second});
    const auto seen = checker::availability::measure(reader, std::move(faults));
    return seen ? checker::availability::judge(*seen).says : verdict::crash;
}

/// Of a checker whose recording, settings and judge have the names that all of them have.
template <typename Recording>
verdict judge(operation_reader& reader) {
    const auto history = Recording::read(reader);
    return history ? check(*history, {}).says : verdict::crash;
}

struct history_judge {
    std::string_view name;
    history_of what;
    verdict (*judge)(operation_reader& reader);
    verdict expected = verdict::valid;
};

/// A checker that is to be measured gets a line here and, for what it judges, a maker of histories
/// (history_maker.h).
constexpr std::array subjects{
    history_judge{"list-append", history_of::lists, judge_lists},
    history_judge{"rw-register", history_of::registers, judge_registers},
    // Nothing is read to its end at last, so it is open whether something was lost.
    history_judge{"kafka", history_of::messages, judge_log, verdict::inconclusive},
    history_judge{
        "exactly-once", history_of::exactly_once, judge<checker::exactly_once::recording>},
    history_judge{"groups", history_of::groups, judge<checker::groups::recording>},
    history_judge{"compaction", history_of::compaction, judge<checker::compaction::recording>},
    history_judge{"admin", history_of::admin, judge<checker::admin::recording>},
    history_judge{"availability", history_of::messages, judge_availability},
};

/// The result is the verdict.
cost judge_apart(const history_judge& which, std::uint64_t operations) {
    return cost_apart([&] {
        history_text text(which.what, operations);
        const auto reader = checker::history::read_json(text);
        const verdict says = which.judge(*reader);
        return done_apart{.result = static_cast<std::uint64_t>(says),
                          .free_seconds = text.seconds()};
    });
}

double nanoseconds_each(const cost& judged, std::uint64_t operations) {
    return 1e9 * judged.seconds / static_cast<double>(operations);
}

void print(std::string_view name, const cost& judged, std::uint64_t operations) {
    fmt::print("    {:<24} {:>9} operations {:>8.2f} s {:>10.0f} a second {:>6.0f} bytes each\n",
               name,
               operations,
               judged.seconds,
               static_cast<double>(operations) / judged.seconds,
               static_cast<double>(judged.peak_bytes) / static_cast<double>(operations));
}

void measure(const history_judge& which, const std::vector<std::uint64_t>& sizes) {
    std::vector<double> times;
    for (const std::uint64_t operations : sizes) {
        const cost judged = judge_apart(which, operations);
        print(which.name, judged, operations);
        const auto expected = static_cast<std::uint64_t>(which.expected);
        if (judged.result != expected) fmt::print("    WRONG VERDICT\n");
        times.push_back(nanoseconds_each(judged, operations));
    }
    const cost text = judge_apart({"", which.what, read_only}, sizes.front());
    fmt::print(
        "      an operation takes {:.2f} times as long among {} as among {}; reading the "
        "text alone is {:.0f} % of it\n",
        times.back() / times.front(),
        sizes.back(),
        sizes.front(),
        100 * nanoseconds_each(text, sizes.front()) / times.front());
}

}  // namespace

void run_checker_section(const settings& settings) {
    std::vector<std::uint64_t> sizes{turn_size(100'000, settings), turn_size(1'000'000, settings)};
    if (settings.large) sizes.push_back(turn_size(10'000'000, settings));
    for (const history_judge& which : subjects) measure(which, sizes);
}

}  // namespace verdikt::bench
