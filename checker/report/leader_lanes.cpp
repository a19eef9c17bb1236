#include "checker/report/leader_lanes.h"

#include "checker/report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace verdikt::checker::report {

namespace {

constexpr std::size_t strips_max = 8;
constexpr double strip_height = 14;
/// The lowest mark of the scale above stands there.
constexpr double room_above = 10;
constexpr std::int32_t colours = 6;

}  // namespace

std::vector<leader_lane> leader_lanes(const run& what, std::size_t lanes_max) {
    std::vector<leader_lane> lanes;
    for (const leadership& one : what.leaders) {
        auto found = std::ranges::find(lanes, one.of, &leader_lane::of);
        if (found == lanes.end()) {
            if (lanes.size() >= lanes_max) continue;
            found = lanes.insert(found, {one.of, {}});
        }
        if (found->spans.size() < drawn_spans_max) found->spans.push_back(&one);
    }
    return lanes;
}

std::string leader_class(std::int32_t leader) {
    return leader < 0 ? "n-none" : fmt::format("n-{}", leader % colours);
}

std::string leader_in_words(const leadership& one) {
    return fmt::format("{}: {}{} · {} to {}",
                       shortened(one.of, 80),
                       one.leader < 0 ? "nobody" : fmt::format("node {}", one.leader),
                       one.epoch < 0 ? "" : fmt::format(" in epoch {}", one.epoch),
                       run_time(one.from),
                       run_time(one.to));
}

void draw_leader_strips(markup& page, const run& what, const time_scale& scale, double top) {
    double y = top + room_above;
    for (const leader_lane& lane : leader_lanes(what, strips_max)) {
        page.leaf("text",
                  shortened(lane.of, lane_name_bytes_max),
                  {{"class", "lane strip"}, {"x", number(chart_left - 8)}, {"y", number(y + 11)}});
        for (const leadership* const one : lane.spans) {
            const double x = scale.x(one->from);
            const auto box = page.open("rect",
                                       {{"class", "span " + leader_class(one->leader)},
                                        {"x", number(x)},
                                        {"y", number(y + 3)},
                                        {"width", number(std::max(1.0, scale.x(one->to) - x - 1))},
                                        {"height", number(strip_height - 5)}});
            page.leaf("title", leader_in_words(*one));
        }
        y += strip_height;
    }
}

double leader_strips_height(const run& what) {
    const auto strips = static_cast<double>(leader_lanes(what, strips_max).size());
    return strips == 0 ? 0 : room_above + strip_height * strips;
}

void write_leader_legend(markup& page, const run& what) {
    std::set<std::int32_t> nodes;
    for (const leadership& one : what.leaders) {
        if (one.leader >= 0 && nodes.size() < colours) nodes.insert(one.leader);
    }
    if (nodes.empty()) return;
    const auto legend = page.open("p", {{"class", "legend"}});
    page.text("Who led: ");
    for (const std::int32_t node : nodes) {
        const auto entry = page.open("span");
        page.leaf("i", "", {{"class", "key box " + leader_class(node)}});
        page.text(fmt::format("node {}", node));
    }
    const auto entry = page.open("span");
    page.leaf("i", "", {{"class", "key box n-none"}});
    page.text("nobody");
}

}  // namespace verdikt::checker::report
