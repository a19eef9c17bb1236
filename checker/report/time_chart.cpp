#include "checker/report/time_chart.h"

#include "checker/report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace verdikt::checker::report {

double time_scale::x(std::int64_t time) const {
    const double part = static_cast<double>(time) / static_cast<double>(length_);
    return chart_left + std::clamp(part, 0.0, 1.0) * (chart_right - chart_left);
}

std::int64_t time_scale::step() const {
    std::int64_t step = 1'000'000;
    constexpr std::array<std::int64_t, 3> factors{2, 5, 10};
    std::int64_t decade = step;
    while (length_ / step > 10) {
        for (const std::int64_t factor : factors) {
            step = decade * factor;
            if (length_ / step <= 10) return step;
        }
        decade = step;
    }
    return step;
}

std::string number(double value) {
    return fmt::format("{:.1f}", value);
}

std::string family_class(const std::string& family) {
    constexpr std::array<std::string_view, 5> known{
        "process", "network", "shaping", "disk", "client"};
    const bool is_known = std::ranges::find(known, family) != known.end();
    return "f-" + (is_known ? family : std::string("other"));
}

void write_fault_legend(markup& page, const run& what) {
    std::set<std::string> families;
    for (const fault_span& one : what.faults) {
        if (one.outcome != fault_outcome::skipped) families.insert(one.family);
    }
    if (families.empty()) return;
    const auto legend = page.open("p", {{"class", "legend"}});
    page.text("Faults: ");
    for (const std::string& family : families) {
        const auto entry = page.open("span");
        page.leaf("i", "", {{"class", "key box " + family_class(family)}});
        page.text(shortened(family, 40));
    }
}

void draw_fault_bands(
    markup& page, const run& what, const time_scale& scale, double top, double bottom) {
    std::size_t drawn = 0;
    for (const fault_span& one : what.faults) {
        if (one.outcome == fault_outcome::skipped || ++drawn > drawn_spans_max) continue;
        const double from = scale.x(one.from);
        const auto band = page.open("rect",
                                    {{"class", "band " + family_class(one.family)},
                                     {"x", number(from)},
                                     {"y", number(top)},
                                     {"width", number(std::max(1.5, scale.x(one.to) - from))},
                                     {"height", number(bottom - top)}});
        page.leaf(
            "title",
            fmt::format(
                "{} · {} to {}", shortened(one.what, 200), run_time(one.from), run_time(one.to)));
    }
}

void draw_time_axis(markup& page, const time_scale& scale, double top, double bottom) {
    const std::int64_t step = scale.step();
    for (std::int64_t time = 0; time <= scale.length(); time += step) {
        const std::string x = number(scale.x(time));
        page.empty(
            "line",
            {{"class", "grid"}, {"x1", x}, {"x2", x}, {"y1", number(top)}, {"y2", number(bottom)}});
        page.leaf("text",
                  fmt::format("{:g} s", static_cast<double>(time) / 1e9),
                  {{"class", "tick"}, {"x", x}, {"y", number(bottom + 16)}});
    }
}

}  // namespace verdikt::checker::report
