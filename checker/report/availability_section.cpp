/// What was available while things broke, and how soon it was so again.
#include "checker/availability/recoveries.h"
#include "checker/report/sections.h"
#include "checker/report/time_chart.h"
#include "checker/report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace verdikt::checker::report {

namespace {

using availability::delay;
using availability::delays;
using availability::measured;
using availability::outage;
using availability::service;

std::string percent(const service& one) {
    // Nothing but all is a hundred.
    const double share = std::floor(one.share_available() * 1000) / 10;
    return fmt::format("{:.1f} %", share);
}

std::string span_of(const outage& one) {
    return fmt::format(
        "{} – {}", run_time(one.from), one.ended ? run_time(one.to) : std::string("never"));
}

void write_service(markup& page, const std::string& title, const service& one) {
    const auto row = page.open("tr");
    page.leaf("td", shortened(title, 80));
    page.leaf("td", percent(one), {{"class", "number"}});
    page.leaf(
        "td", one.longest ? duration_in_words(one.longest->length()) : "–", {{"class", "number"}});
    page.leaf("td", one.longest ? span_of(*one.longest) : "", {{"class", "name"}});
    page.leaf("td", grouped(one.outages), {{"class", "number"}});
    page.leaf("td", run_time(one.asked_for), {{"class", "number"}});
}

/// The partition that was out for longest.
void write_worst_partition(markup& page, const std::vector<service>& partitions) {
    if (partitions.size() < 2) return;
    const auto worst = std::ranges::max_element(partitions, {}, &service::out);
    if (worst->outages == 0) return;
    write_service(page,
                  fmt::format("writes to {}, the worst of {}",
                              shortened(worst->name, 30),
                              counted(partitions.size(), "partition")),
                  *worst);
}

void write_services(markup& page, const measured& what) {
    const auto scroll = page.open("div", {{"class", "scroll"}});
    const auto table = page.open("table");
    write_titles(page,
                 {"operation", "available", "longest outage", "when", "outages", "asked for"});
    for (const service& one : what.kinds) write_service(page, one.name, one);
    if (what.writes.begun > 0) write_service(page, "any write", what.writes);
    write_worst_partition(page, what.partitions);
}

std::string waited_in_words(const delay& one) {
    const std::string time = duration_in_words(one.length);
    return one.never ? "not within " + time : time;
}

void write_delays(markup& page, const delays& all) {
    for (const double part : {0.5, 1.0}) {
        if (all.sorted.empty()) {
            page.leaf("td", "–", {{"class", "number"}});
            continue;
        }
        const delay& one = all.quantile(part);
        page.leaf("td", waited_in_words(one), {{"class", one.never ? "number bad" : "number"}});
    }
}

void write_recovery_titles(markup& page, bool partitions) {
    const std::string everything = partitions ? "all partitions" : "all operations";
    {
        const auto row = page.open("tr");
        page.leaf("th", "");
        page.leaf("th", "");
        page.leaf("th", "heal to " + everything, {{"colspan", "2"}});
        page.leaf("th", "begin to a write", {{"colspan", "2"}});
        page.leaf("th", "begin to " + everything, {{"colspan", "2"}});
    }
    write_titles(page, {"fault", "times", "half", "worst", "half", "worst", "half", "worst"});
}

void write_recoveries(markup& page, const page_matter& of) {
    const auto kinds = availability::recoveries_by_kind(of.seen.available);
    if (kinds.empty()) return;
    page.leaf("h3", "How soon after a fault");
    {
        const auto note = page.open("p", {{"class", "quiet"}});
        page.text(
            "From when a fault began, or was healed, to the end of the first operation that began "
            "after that and succeeded. Other faults may have been there meanwhile.");
    }
    const auto scroll = page.open("div", {{"class", "scroll"}});
    const auto table = page.open("table");
    write_recovery_titles(page, !of.seen.available.partitions.empty());
    for (const auto& one : kinds) {
        const auto row = page.open("tr");
        {
            const auto name = page.open("td", {{"class", "name"}});
            const auto fault = std::ranges::find(of.what.faults, one.kind, &fault_span::kind);
            page.leaf("i", "", {{"class", "key " + family_class(fault->family)}});
            page.text(shortened(one.kind, 80));
        }
        page.leaf("td", grouped(one.count), {{"class", "number"}});
        write_delays(page, one.everywhere_healed);
        write_delays(page, one.next_write);
        write_delays(page, one.everywhere);
    }
}

std::string longest_in_words(const service& writes) {
    if (!writes.longest) {
        return "There was never half a second in which a write was asked for and none "
               "acknowledged.";
    }
    const outage& one = *writes.longest;
    return fmt::format("Longest without an acknowledged write: {}, from {} {}.",
                       duration_in_words(one.length()),
                       run_time(one.from),
                       one.ended ? "to " + run_time(one.to) : std::string("on"));
}

}  // namespace

void write_availability(markup& page, const page_matter& of) {
    const measured& what = of.seen.available;
    if (what.kinds.empty()) return;
    const auto section = page.open("section", {{"id", "availability"}});
    page.leaf("h2", "What was available, and how soon again");
    if (what.writes.begun > 0) page.leaf("p", longest_in_words(what.writes));
    {
        const auto note = page.open("p", {{"class", "quiet"}});
        page.text(
            "An outage is half a second or more in which it was asked for and nothing succeeded; a "
            "poll succeeds if it returns records.");
    }
    write_services(page, what);
    write_recoveries(page, of);
}

}  // namespace verdikt::checker::report
