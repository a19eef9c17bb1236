/// Any bytes as what is read of a stored run: its results with its settings, and its schedule. What
/// is accepted survives being written and read again, and a page can be made of it.
///
/// The first letter says which it is:
///     {  results.json
///     s  schedule.json
///     o  options of the load: a name, a blank and a value on each line
#include "checker/report/report.h"
#include "checker/report/results_json.h"
#include "nemesis/schedule.h"
#include "runtime/check.h"
#include "workloads/load_options.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdikt {
namespace {

using named_texts = std::vector<std::pair<std::string, std::string>>;

void check_options(const named_texts& texts) {
    const auto read = workloads::load_options_from(texts);
    if (!read) {
        CHECK(!read.error().empty());
        return;
    }
    CHECK(workloads::problem_of(*read).empty());
    const auto written = workloads::texts_of(*read);
    const auto again = workloads::load_options_from(written);
    CHECK(again.has_value() && workloads::texts_of(*again) == written);
}

void check_option_lines(std::string_view input) {
    named_texts texts;
    while (!input.empty()) {
        const std::string_view line = input.substr(0, input.find('\n'));
        const std::size_t blank = std::min(line.find(' '), line.size());
        texts.emplace_back(line.substr(0, blank), line.substr(std::min(blank + 1, line.size())));
        input.remove_prefix(std::min(line.size() + 1, input.size()));
    }
    check_options(texts);
}

/// A history that the results may have been of: their times are looked at beside its own.
constexpr std::string_view short_history =
    R"({"index":0,"time":1000,"process":0,"type":"invoke","f":"send","value":[["send",0,1]]}
{"index":1,"time":2000000,"process":0,"type":"ok","f":"send","value":[["send",0,[0,1]]]}
)";

void check_results(std::string_view input) {
    namespace report = checker::report;
    const auto read = report::read_results(input);
    if (!read) return;
    check_options(read->what.settings);
    checker::history::text_source history(short_history);
    const auto made = report::make_report(read->what, history, {});
    CHECK(!made.html.empty());
    const auto again = report::read_results(made.json);
    CHECK(again.has_value(), "{}", again.error());
    CHECK(again->what.faults.size() == read->what.faults.size());
    CHECK(again->what.settings.size() == read->what.settings.size());
}

void check_schedule(std::string_view input) {
    const auto read = nemesis::schedule_from_json(input);
    if (!read) {
        CHECK(!read.error().empty());
        return;
    }
    CHECK(read->end() >= std::chrono::milliseconds(0));
    CHECK(std::chrono::nanoseconds(read->end()).count() >= 0);
    CHECK(nemesis::schedule_from_json(nemesis::to_json(*read)) == *read);
}

}  // namespace
}  // namespace verdikt

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    if (input.starts_with('{')) verdikt::check_results(input);
    if (input.starts_with('s')) verdikt::check_schedule(input.substr(1));
    if (input.starts_with('o')) verdikt::check_option_lines(input.substr(1));
    return 0;
}
