/// Throughput by outcome and latency by kind of operation, over time.
#include "checker/report/leader_lanes.h"
#include "checker/report/sections.h"
#include "checker/report/time_chart.h"
#include "checker/report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace verdikt::checker::report {

namespace {

constexpr double top = 14;
constexpr double bottom = 174;
constexpr std::size_t kinds_drawn_max = 3;

/// What one slot has; negative where there is nothing to draw.
using slot_value = std::function<double(std::size_t)>;

/// From a value to a height.
struct value_scale {
    double highest = 1;
    bool logarithmic = false;
    double lowest = 1;

    [[nodiscard]] double y(double value) const {
        const double part =
            logarithmic ? std::log(std::max(value, lowest) / lowest) / std::log(highest / lowest)
                        : value / highest;
        return bottom - std::clamp(part, 0.0, 1.0) * (bottom - top);
    }
};

void draw_line(markup& page,
               const page_matter& of,
               const time_scale& scale,
               const value_scale& values,
               const std::string& style,
               const slot_value& value) {
    const std::int64_t slot = of.seen.all.slot_length();
    std::string path;
    bool drawing = false;
    for (std::size_t at = 0; at < of.seen.all.slots().size(); ++at) {
        const double here = value(at);
        if (here >= 0) {
            const std::int64_t middle = static_cast<std::int64_t>(at) * slot + slot / 2;
            path += fmt::format(
                "{}{:.1f} {:.1f}", drawing ? "L" : "M", scale.x(middle), values.y(here));
            // A slot alone would not be seen.
            if (!drawing) path += "h0.5";
        }
        drawing = here >= 0;
    }
    if (!path.empty()) page.empty("path", {{"class", "line " + style}, {"d", path}});
}

void draw_value_axis(markup& page,
                     const value_scale& values,
                     const std::vector<std::pair<double, std::string>>& marks) {
    for (const auto& [value, text] : marks) {
        const double y = values.y(value);
        page.empty("line",
                   {{"class", "grid"},
                    {"x1", number(chart_left)},
                    {"x2", number(chart_right)},
                    {"y1", number(y)},
                    {"y2", number(y)}});
        page.leaf("text",
                  text,
                  {{"class", "scale"}, {"x", number(chart_left - 8)}, {"y", number(y + 4)}});
    }
}

double end_of_strips(const page_matter& of) {
    return bottom + leader_strips_height(of.what);
}

markup::element open_chart(markup& page, const page_matter& of, const std::string& label) {
    constexpr double marks_of_time = 22;
    return page.open(
        "svg",
        {{"viewBox", fmt::format("0 0 1000 {:.0f}", end_of_strips(of) + marks_of_time)},
         {"role", "img"},
         {"aria-label", label},
         {"class", "chart"}});
}

/// What all plots have behind and below them.
void draw_bands(markup& page, const page_matter& of, const time_scale& scale) {
    draw_fault_bands(page, of.what, scale, top, bottom);
    draw_time_axis(page, scale, top, end_of_strips(of));
    draw_leader_strips(page, of.what, scale, bottom);
}

void write_legend(markup& page, const std::vector<std::pair<std::string, std::string>>& entries) {
    const auto legend = page.open("p", {{"class", "legend"}});
    for (const auto& [style, text] : entries) {
        const auto entry = page.open("span");
        page.leaf("i", "", {{"class", "key " + style}});
        page.text(text);
    }
}

void draw_throughput(markup& page, const page_matter& of, const time_scale& scale) {
    const auto& slots = of.seen.all.slots();
    const double second = 1e9 / static_cast<double>(of.seen.all.slot_length());
    value_scale values;
    for (const outcome_counts& one : slots) {
        values.highest = std::max(values.highest, static_cast<double>(one.total()) * second);
    }
    write_legend(page,
                 {{"l-ok", "succeeded"}, {"l-fail", "failed"}, {"l-info", "outcome unknown"}});
    const auto scroll = page.open("div", {{"class", "scroll"}});
    const auto chart = open_chart(page, of, "Operations that ended, a second");
    draw_bands(page, of, scale);
    draw_value_axis(page,
                    values,
                    {{0, "0"},
                     {values.highest / 2, fmt::format("{:.0f}/s", values.highest / 2)},
                     {values.highest, fmt::format("{:.0f}/s", values.highest)}});
    const auto rate = [second](std::uint64_t count) { return static_cast<double>(count) * second; };
    draw_line(page, of, scale, values, "l-ok", [&](std::size_t at) { return rate(slots[at].ok); });
    draw_line(page, of, scale, values, "l-fail", [&](std::size_t at) {
        return slots[at].fail > 0 ? rate(slots[at].fail) : -1;
    });
    draw_line(page, of, scale, values, "l-info", [&](std::size_t at) {
        return slots[at].info > 0 ? rate(slots[at].info) : -1;
    });
}

/// The kinds of which there are most, at most `kinds_drawn_max`.
std::vector<std::pair<std::string, const rates::kind*>> drawn_kinds(const rates& all) {
    std::vector<std::pair<std::string, const rates::kind*>> drawn;
    for (const auto& [name, one] : all.kinds()) {
        if (one.took.count() > 0) drawn.emplace_back(name, &one);
    }
    std::ranges::sort(drawn, {}, [](const auto& one) {
        return std::pair(-static_cast<std::int64_t>(one.second->took.count()), one.first);
    });
    if (drawn.size() > kinds_drawn_max) drawn.resize(kinds_drawn_max);
    return drawn;
}

void draw_latency(markup& page, const page_matter& of, const time_scale& scale) {
    const auto kinds = drawn_kinds(of.seen.all);
    constexpr double lowest = 1e5;
    value_scale values{.highest = 1e7, .logarithmic = true, .lowest = lowest};
    std::vector<std::pair<std::string, std::string>> legend;
    for (std::size_t at = 0; at < kinds.size(); ++at) {
        const auto& [name, one] = kinds[at];
        legend.emplace_back(fmt::format("l-{}", at), shortened(name, 40));
        for (const durations& slot : one->slots) {
            while (values.highest < static_cast<double>(slot.quantile(0.99))) values.highest *= 10;
        }
    }
    legend.emplace_back("l-median", "half took less");
    legend.emplace_back("l-tail", "99 of 100 took less");
    write_legend(page, legend);
    const auto scroll = page.open("div", {{"class", "scroll"}});
    const auto chart = open_chart(page, of, "How long operations took that succeeded");
    draw_bands(page, of, scale);
    std::vector<std::pair<double, std::string>> marks;
    for (double value = lowest; value <= values.highest * 1.01; value *= 10) {
        marks.emplace_back(value, duration_in_words(static_cast<std::int64_t>(value)));
    }
    draw_value_axis(page, values, marks);
    for (std::size_t at = 0; at < kinds.size(); ++at) {
        for (const auto& [part, style] : {std::pair(0.5, "l-median"), std::pair(0.99, "l-tail")}) {
            const auto& slots = kinds[at].second->slots;
            draw_line(
                page, of, scale, values, fmt::format("l-{} {}", at, style), [&](std::size_t slot) {
                    if (slot >= slots.size() || slots[slot].count() == 0) return -1.0;
                    return static_cast<double>(slots[slot].quantile(part));
                });
        }
    }
}

void write_table(markup& page, const rates& all) {
    const auto scroll = page.open("div", {{"class", "scroll"}});
    const auto table = page.open("table");
    write_titles(page, {"operation", "succeeded", "failed", "unknown", "half", "99 %", "99.9 %"});
    for (const auto& [name, one] : all.kinds()) {
        const auto row = page.open("tr");
        page.leaf("td", shortened(name, 60));
        for (const std::uint64_t count : {one.ended.ok, one.ended.fail, one.ended.info}) {
            page.leaf("td", grouped(count), {{"class", "number"}});
        }
        for (const double part : {0.5, 0.99, 0.999}) {
            page.leaf("td",
                      one.took.count() == 0 ? "–" : duration_in_words(one.took.quantile(part)),
                      {{"class", "number"}});
        }
    }
}

}  // namespace

void write_plots(markup& page, const page_matter& of) {
    if (of.seen.all.kinds().empty()) return;
    const time_scale scale(of.seen.length);
    const auto section = page.open("section", {{"id", "rates"}});
    page.leaf("h2", "Operations a second");
    draw_throughput(page, of, scale);
    page.leaf("h2", "How long operations took");
    draw_latency(page, of, scale);
    write_table(page, of.seen.all);
}

}  // namespace verdikt::checker::report
