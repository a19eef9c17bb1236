/// The verdict, in words, and what it rests on.
#include "checker/report/sections.h"
#include "checker/report/words.h"
#include "checker/verdict/catalogue.h"

#include <fmt/format.h>

#include <set>

namespace verdikt::checker::report {

namespace {

std::uint64_t ended(const digest& seen) {
    std::uint64_t all = 0;
    for (const auto& [name, one] : seen.all.kinds()) all += one.ended.total();
    return all;
}

/// `13 faults of 6 kinds bit`
std::string faults_in_words(const run& what) {
    std::set<std::string> kinds;
    std::uint64_t bit = 0;
    for (const fault_span& one : what.faults) {
        if (!one.bit) continue;
        ++bit;
        kinds.insert(one.kind);
    }
    if (bit == 0) return what.faults.empty() ? "no faults were injected" : "none of its faults bit";
    return fmt::format("{} of {} bit", counted(bit, "fault"), counted(kinds.size(), "kind"));
}

/// The settings that promised it stand with each finding.
std::string broken_in_words(const run& what) {
    std::string text;
    for (const auto& [by, found] : findings_of(what, &judgement::violations)) {
        const anomaly_kind* const kind = find_anomaly(found->name, found->model);
        text += fmt::format("{} “{}” ({}, {})",
                            text.empty() ? "" : ",",
                            kind == nullptr ? found->name : kind->guarantee,
                            found->name,
                            counted(found->count, "case"));
    }
    return text;
}

std::vector<std::string> all_reasons(const run& what) {
    std::vector<std::string> all = what.reasons;
    for (const opinion& one : what.opinions) {
        for (const std::string& doubt : one.said.doubts) {
            all.push_back(fmt::format("{} checker: {}", one.checker, doubt));
        }
    }
    return all;
}

void write_reasons(markup& page, const page_matter& of) {
    std::vector<std::string> reasons = all_reasons(of.what);
    if (of.seen.malformed) {
        reasons.push_back(
            fmt::format("The history is malformed at line {}: {}. Times and rates "
                        "below are of what came before.",
                        of.seen.malformed->line,
                        of.seen.malformed->what));
    }
    if (of.seen.cut_short) {
        reasons.emplace_back("The history's last line was cut short and is left out.");
    }
    if (reasons.empty()) return;
    const auto list = page.open("ul", {{"class", "reasons"}});
    for (const std::string& one : reasons) page.leaf("li", shortened(one, 2000));
}

/// What the checkers want the reader to know besides.
void write_notes(markup& page, const run& what) {
    for (const opinion& one : what.opinions) {
        for (const std::string& note : one.said.notes) {
            page.leaf("p",
                      fmt::format("{} checker notes: {}", one.checker, shortened(note, 2000)),
                      {{"class", "quiet"}});
        }
    }
}

}  // namespace

std::string verdict_in_words(const page_matter& of) {
    const std::string seen = fmt::format("{} over {}, {}",
                                         counted(ended(of.seen), "operation"),
                                         run_time(of.seen.length),
                                         faults_in_words(of.what));
    switch (of.what.says) {
        case verdict::valid:
            return fmt::format("Everything that was promised held: {}.", seen);
        case verdict::inconclusive:
            return fmt::format(
                "Nothing bad was proven, but too little was seen to say that all "
                "held: {}.",
                seen);
        case verdict::infra:
            return fmt::format("The lab failed, so nothing can be said: {}.", seen);
        case verdict::violation:
            return fmt::format("Promised, and broken:{}; {}.", broken_in_words(of.what), seen);
        case verdict::crash:
            return fmt::format("Verdikt itself failed: {}.", seen);
    }
    return {};
}

void write_head(markup& page, const page_matter& of) {
    const std::string name(name_of(of.what.says));
    const auto head = page.open("header", {{"class", "v-" + name}});
    page.leaf("p", fmt::format("Verdikt · {}", shortened(of.what.test, 120)), {{"class", "over"}});
    page.leaf("h1", name);
    page.leaf("p", shortened(verdict_in_words(of), 4000), {{"class", "words"}});
    write_reasons(page, of);
    write_notes(page, of.what);
    const auto facts = page.open("p", {{"class", "facts"}});
    if (of.what.began_at != 0) page.text(wall_time(of.what.began_at) + " · ");
    page.text(fmt::format("{} · seed {} · {} of history",
                          run_time(of.seen.length),
                          of.what.seed,
                          counted(of.seen.lines, "line")));
}

}  // namespace verdikt::checker::report
