/// Proof that faults bit, logs, and everything that is needed to run it again.
#include "checker/report/sections.h"
#include "checker/report/time_chart.h"
#include "checker/report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace verdikt::checker::report {

namespace {

constexpr std::size_t faults_listed_max = 400;

std::string_view outcome_of(const fault_span& one) {
    if (one.outcome == fault_outcome::skipped) return "skipped";
    if (one.outcome == fault_outcome::failed) return "failed";
    return one.bit ? "bit" : "did not bite";
}

struct tally {
    std::uint64_t count = 0;
    std::uint64_t bit = 0;
    std::int64_t lasted = 0;
    std::string family;
    std::string proof;
};

std::string proof_of(const fault_span& one) {
    for (const host_evidence& each : one.evidence) {
        if (each.bit) return fmt::format("{}: {}", each.host, each.text);
    }
    return one.detail;
}

void write_tallies(markup& page, const run& what) {
    std::map<std::string, tally> kinds;
    for (const fault_span& one : what.faults) {
        tally& here = kinds[one.kind];
        ++here.count;
        here.family = one.family;
        here.lasted += one.to - one.from;
        if (one.bit) ++here.bit;
        if (here.proof.empty() && one.bit) here.proof = proof_of(one);
    }
    const auto scroll = page.open("div", {{"class", "scroll"}});
    const auto table = page.open("table");
    write_titles(page, {"fault", "times", "bit", "in all", "one proof"});
    for (const auto& [kind, one] : kinds) {
        const auto row = page.open("tr");
        {
            const auto name = page.open("td", {{"class", "name"}});
            page.leaf("i", "", {{"class", "key " + family_class(one.family)}});
            page.text(shortened(kind, 80));
        }
        page.leaf("td", grouped(one.count), {{"class", "number"}});
        page.leaf("td", grouped(one.bit), {{"class", one.bit == 0 ? "number bad" : "number"}});
        page.leaf("td", run_time(one.lasted), {{"class", "number"}});
        page.leaf("td", shortened(one.proof, 200), {{"class", "prose"}});
    }
}

void write_fault(markup& page, const fault_span& one) {
    const auto row = page.open("tr");
    page.leaf("td", fmt::format("{} – {}", run_time(one.from), run_time(one.to)));
    page.leaf("td", shortened(one.what, 200), {{"class", "prose"}});
    page.leaf("td", shortened(one.targets, 100));
    page.leaf("td", outcome_of(one), {{"class", one.bit ? "good" : "bad"}});
    const auto proof = page.open("td", {{"class", "prose"}});
    for (const host_evidence& each : one.evidence) {
        page.leaf("div", shortened(fmt::format("{}: {}", each.host, each.text), 300));
    }
    if (!one.detail.empty()) page.leaf("div", shortened(one.detail, 300));
}

/// A line breaks between words only, not behind the dashes of an option.
void write_command(markup& page, const std::string& command) {
    constexpr std::size_t word_bytes_max = 48;
    const auto block = page.open("pre", {{"class", "command"}});
    std::string_view rest = command;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        const std::string_view word = rest.substr(0, end);
        if (word.size() <= word_bytes_max) {
            page.leaf("span", word);
        } else {
            page.text(word);
        }
        if (end < rest.size()) page.text(" ");
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

void write_values(markup& page, const std::string& title, const named_values& values) {
    if (values.empty()) return;
    page.leaf("h3", title);
    const auto scroll = page.open("div", {{"class", "scroll"}});
    const auto table = page.open("table", {{"class", "values"}});
    for (const auto& [name, value] : values) {
        const auto row = page.open("tr");
        page.leaf("th", shortened(name, 200));
        const auto cell = page.open("td");
        page.leaf("code", shortened(value, 2000));
    }
}

void write_counts(markup& page, const run& what) {
    named_values counts;
    for (const opinion& one : what.opinions) {
        const std::string says(name_of(one.said.says));
        counts.emplace_back(fmt::format("{} checker", one.checker), says);
        for (const auto& [name, count] : one.said.counts) {
            counts.emplace_back(fmt::format("{}: {}", one.checker, name), grouped(count));
        }
    }
    write_values(page, "What the checkers looked at", counts);
}

}  // namespace

void write_titles(markup& page, std::initializer_list<std::string_view> titles) {
    const auto row = page.open("tr");
    for (const std::string_view title : titles) page.leaf("th", title);
}

void write_faults(markup& page, const page_matter& of) {
    if (of.what.faults.empty()) return;
    const auto section = page.open("section", {{"id", "faults"}});
    page.leaf("h2", "Proof that the faults bit");
    write_tallies(page, of.what);
    const auto more = page.open("details");
    page.leaf("summary", counted(of.what.faults.size(), "fault") + ", one by one");
    const auto scroll = page.open("div", {{"class", "scroll"}});
    const auto table = page.open("table");
    write_titles(page, {"when", "what", "on", "outcome", "evidence"});
    std::size_t listed = 0;
    for (const fault_span& one : of.what.faults) {
        if (++listed > faults_listed_max) break;
        write_fault(page, one);
    }
}

void write_log_slices(markup& page, const page_matter& of) {
    if (of.slices.empty()) return;
    const auto section = page.open("section", {{"id", "logs"}});
    page.leaf("h2", "What the nodes logged around that time");
    for (const log_slice& one : of.slices) {
        const auto more = page.open("details");
        page.leaf("summary",
                  fmt::format("{} · {} to {} · {}",
                              shortened(one.node, 60),
                              run_time(one.from),
                              run_time(one.to),
                              counted(one.lines.size() + one.left_out, "line")));
        const auto lines = page.open("pre");
        for (const std::string& line : one.lines) page.text(line + "\n");
        if (one.left_out > 0) page.text(fmt::format("… {} more\n", one.left_out));
    }
}

void write_facts(markup& page, const page_matter& of) {
    const auto section = page.open("section", {{"id", "again"}});
    page.leaf("h2", "Run it again");
    write_command(page, shortened(of.what.command, 8000));
    write_values(page, "Settings", of.what.settings);
    write_values(page, "Versions", of.what.versions);
    write_counts(page, of.what);
}

}  // namespace verdikt::checker::report
