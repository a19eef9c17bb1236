/// What was promised and did not hold: the guarantee, the settings, the operations that prove it.
#include "checker/report/sections.h"
#include "checker/report/words.h"
#include "checker/verdict/catalogue.h"

#include <fmt/format.h>

namespace verdikt::checker::report {

namespace {

/// Further cases are folded away.
constexpr std::size_t cases_open = 1;

std::string when_of(const shown_operation& one) {
    if (one.begun_at < 0) return run_time(one.ended_at);
    if (one.ended_at < 0) return fmt::format("{}, never ended", run_time(one.begun_at));
    return fmt::format("{} to {}", run_time(one.begun_at), run_time(one.ended_at));
}

void write_operation(markup& page, std::int64_t index, const digest& seen) {
    const auto row = page.open("li", {{"class", "operation"}});
    const auto found = seen.operations.find(index);
    if (found == seen.operations.end()) {
        page.text(fmt::format("operation {} (not in this history)", index));
        return;
    }
    const shown_operation& one = found->second;
    {
        const auto head = page.open("div", {{"class", "operation-head"}});
        page.leaf("b", fmt::format("operation {}", index));
        page.text(fmt::format(
            " {} by process {} · {} · ", shortened(one.f, 40), one.process, when_of(one)));
        page.leaf("span",
                  outcome_in_words(one.type),
                  {{"class", "outcome o-" + std::string(history::name_of(one.type))}});
    }
    for (const auto& line : one.lines) {
        const auto code = page.open("code");
        for (const piece& part : line) {
            if (part.marked) {
                page.leaf("mark", part.text);
            } else {
                page.text(part.text);
            }
        }
    }
    if (!one.error.empty()) {
        page.leaf("code", "error: " + shortened(one.error, 300), {{"class", "error"}});
    }
}

void write_case(markup& page, const anomaly& which, const digest& seen) {
    {
        const auto words = page.open("p", {{"class", "case"}});
        page.text(shortened(which.what, 1200));
        page.leaf(
            "span", which.how == certainty::certain ? "certain" : "inferred", {{"class", "tag"}});
    }
    {
        const auto list = page.open("ul", {{"class", "operations"}});
        for (const std::int64_t index : which.operations) write_operation(page, index, seen);
    }
    if (!which.cycle.empty()) write_cycle(page, which, seen);
    for (std::size_t at = 0; at < which.places.size(); ++at) {
        const bool shown = at > 0 && which.places[at - 1].partition == which.places[at].partition &&
                           is_near(which.places[at - 1].offset, which.places[at].offset);
        if (!shown) write_offset_grid(page, which.places[at], which, seen);
    }
}

void write_cases(markup& page, const finding& which, const digest& seen) {
    for (std::size_t at = 0; at < which.examples.size() && at < cases_open; ++at) {
        write_case(page, which.examples[at], seen);
    }
    if (which.examples.size() <= cases_open) return;
    const auto more = page.open("details");
    page.leaf("summary",
              fmt::format("{} of the {} cases",
                          counted(which.examples.size() - cases_open, "further one"),
                          grouped(which.count)));
    for (std::size_t at = cases_open; at < which.examples.size(); ++at) {
        write_case(page, which.examples[at], seen);
    }
}

void write_term(markup& page, std::string_view term, std::string_view meaning) {
    page.leaf("dt", term);
    page.leaf("dd", meaning);
}

void write_finding(
    markup& page, const opinion& by, const finding& which, bool promised, const digest& seen) {
    const auto article = page.open("article", {{"class", promised ? "broken" : "allowed"}});
    {
        const auto title = page.open("h3");
        page.text(which.name);
        page.leaf("small",
                  fmt::format(" {} · {} checker", counted(which.count, "case"), by.checker));
    }
    const anomaly_kind* const kind = find_anomaly(which.name, which.model);
    {
        const auto terms = page.open("dl");
        if (kind != nullptr) {
            write_term(page, promised ? "Broken guarantee" : "Would break", kind->guarantee);
            write_term(page, "Seen when", kind->seen_when);
        }
        if (promised) write_term(page, "Promised by", which.promised_by);
        if (!promised && kind != nullptr)
            write_term(page, "Promised only with", kind->promised_when);
    }
    write_cases(page, which, seen);
}

}  // namespace

void write_findings(markup& page, const page_matter& of) {
    const auto all = findings_of(of.what, &judgement::violations);
    if (all.empty()) return;
    const auto section = page.open("section", {{"id", "violations"}});
    page.leaf("h2", "What did not hold");
    for (const auto& [by, found] : all) write_finding(page, *by, *found, true, of.seen);
}

void write_allowed(markup& page, const page_matter& of) {
    const auto all = findings_of(of.what, &judgement::allowed);
    if (all.empty()) return;
    const auto section = page.open("section", {{"id", "allowed"}});
    page.leaf("h2", "Also seen, and allowed by the settings");
    for (const auto& [by, found] : all) {
        const auto more = page.open("details");
        page.leaf("summary", fmt::format("{}: {}", found->name, counted(found->count, "case")));
        write_finding(page, *by, *found, false, of.seen);
    }
}

}  // namespace verdikt::checker::report
