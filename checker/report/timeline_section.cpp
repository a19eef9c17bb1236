/// What was broken when, and who led: a lane each, over one scale of time.
#include "checker/report/leader_lanes.h"
#include "checker/report/sections.h"
#include "checker/report/time_chart.h"
#include "checker/report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace verdikt::checker::report {

namespace {

constexpr double lane_height = 22;
constexpr double lane_top = 8;
constexpr std::size_t leader_lanes_max = 24;

struct fault_lane {
    std::string title;
    std::vector<const fault_span*> faults;
};

std::vector<fault_lane> fault_lanes(const run& what) {
    std::vector<fault_lane> lanes;
    for (const fault_span& one : what.faults) {
        if (one.outcome == fault_outcome::skipped) continue;
        auto found = std::ranges::find(lanes, one.kind, &fault_lane::title);
        if (found == lanes.end()) found = lanes.insert(found, {one.kind, {}});
        if (found->faults.size() < drawn_spans_max) found->faults.push_back(&one);
    }
    return lanes;
}

void draw_span(markup& page,
               const time_scale& scale,
               double y,
               std::int64_t from,
               std::int64_t to,
               const std::string& style,
               const std::string& label,
               const std::string& title) {
    const double x = scale.x(from);
    const double width = std::max(2.0, scale.x(to) - x);
    {
        const auto box = page.open("rect",
                                   {{"class", "span " + style},
                                    {"x", number(x)},
                                    {"y", number(y + 2)},
                                    {"width", number(width)},
                                    {"height", number(lane_height - 4)},
                                    {"rx", "2"}});
        page.leaf("title", title);
    }
    if (width > 7.5 * static_cast<double>(label.size())) {
        page.leaf(
            "text", label, {{"class", "inside"}, {"x", number(x + 5)}, {"y", number(y + 15)}});
    }
}

void draw_fault(markup& page, const time_scale& scale, double y, const fault_span& one) {
    const std::string style = family_class(one.family) + (one.bit ? "" : " toothless");
    draw_span(page,
              scale,
              y,
              one.from,
              one.to,
              style,
              shortened(one.targets, 40),
              fmt::format("{} ({}) · {} to {}{}",
                          shortened(one.what, 200),
                          shortened(one.targets, 80),
                          run_time(one.from),
                          run_time(one.to),
                          one.bit ? "" : " · did not bite"));
}

void draw_leader(markup& page, const time_scale& scale, double y, const leadership& one) {
    const std::string epoch = one.epoch < 0 ? "" : fmt::format(" e{}", one.epoch);
    draw_span(page,
              scale,
              y,
              one.from,
              one.to,
              leader_class(one.leader),
              one.leader < 0 ? "" : fmt::format("{}{}", one.leader, epoch),
              leader_in_words(one));
}

void draw_lane_title(markup& page, const std::string& title, double y) {
    page.leaf("text",
              shortened(title, lane_name_bytes_max),
              {{"class", "lane"}, {"x", number(chart_left - 8)}, {"y", number(y + 15)}});
}

/// When what was proven took place.
void draw_moments(markup& page, const page_matter& of, const time_scale& scale, double bottom) {
    std::set<std::int64_t> moments;
    for (const opinion& one : of.what.opinions) {
        for (const finding& each : one.said.violations) {
            for (const anomaly& example : each.examples) {
                for (const std::int64_t index : example.operations) {
                    const auto found = of.seen.operations.find(index);
                    if (found == of.seen.operations.end()) continue;
                    const shown_operation& shown = found->second;
                    moments.insert(shown.ended_at < 0 ? shown.begun_at : shown.ended_at);
                }
            }
        }
    }
    for (const std::int64_t time : moments) {
        const std::string x = number(scale.x(time));
        page.empty(
            "line",
            {{"class", "moment"}, {"x1", x}, {"x2", x}, {"y1", "2"}, {"y2", number(bottom)}});
    }
}

}  // namespace

void write_timeline(markup& page, const page_matter& of) {
    const std::vector<fault_lane> faults = fault_lanes(of.what);
    const std::vector<leader_lane> leaders = leader_lanes(of.what, leader_lanes_max);
    if (faults.empty() && leaders.empty()) return;
    const auto section = page.open("section", {{"id", "timeline"}});
    page.leaf("h2", "What was broken, and who led");
    {
        const auto note = page.open("p", {{"class", "quiet"}});
        page.text(
            "Each bar is a fault from its first act to the end of its undoing, or a leader with "
            "its number and epoch (e). Red lines mark operations that prove a violation. Hollow "
            "bars are faults that did not bite.");
    }
    write_fault_legend(page, of.what);
    write_leader_legend(page, of.what);
    const time_scale scale(of.seen.length);
    const double bottom =
        lane_top + lane_height * static_cast<double>(faults.size() + leaders.size());
    const auto scroll = page.open("div", {{"class", "scroll"}});
    const auto chart = page.open("svg",
                                 {{"viewBox", fmt::format("0 0 1000 {:.0f}", bottom + 24)},
                                  {"role", "img"},
                                  {"aria-label", "Faults and leaders over time"},
                                  {"class", "chart"}});
    draw_time_axis(page, scale, lane_top, bottom);
    double y = lane_top;
    for (const fault_lane& one : faults) {
        draw_lane_title(page, one.title, y);
        for (const fault_span* const each : one.faults) draw_fault(page, scale, y, *each);
        y += lane_height;
    }
    for (const leader_lane& one : leaders) {
        draw_lane_title(page, one.of, y);
        for (const leadership* const each : one.spans) draw_leader(page, scale, y, *each);
        y += lane_height;
    }
    draw_moments(page, of, scale, bottom);
}

}  // namespace verdikt::checker::report
