/// Operations that depend on each other in a circle, drawn, and each arc explained.
#include "checker/report/sections.h"
#include "checker/report/time_chart.h"
#include "checker/report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace verdikt::checker::report {

namespace {

constexpr std::size_t drawn_max = 12;
constexpr double half_box = 62;

struct point {
    double x;
    double y;
};

/// Small ones fit on a phone.
constexpr std::size_t small_max = 4;

double width_of(std::size_t nodes) {
    return nodes <= small_max ? 440 : 640;
}

double height_of(std::size_t nodes) {
    return nodes <= 2 ? 150 : nodes <= small_max ? 300 : 420;
}

point node_at(std::size_t at, std::size_t nodes) {
    const double height = height_of(nodes);
    const double width = width_of(nodes);
    // Two stand side by side, more begin at the top.
    const double turn = (nodes <= 2 ? std::numbers::pi : -std::numbers::pi / 2) +
                        2 * std::numbers::pi * static_cast<double>(at) / static_cast<double>(nodes);
    return {width / 2 + (width / 2 - half_box - 24) * std::cos(turn),
            height / 2 + (height / 2 - 44) * std::sin(turn)};
}

std::string words_of(const std::string& why) {
    if (why == "wr") return "was read by";
    if (why == "ww") return "was followed in the log by";
    if (why == "rw") return "read before it was overwritten by";
    if (why == "process") return "was done by one process before";
    if (why == "realtime") return "ended before the beginning of";
    return shortened(why, 40);
}

std::string explanation(const dependency& one) {
    const std::string from = fmt::format("Operation {}", one.from);
    const std::string to = fmt::format("operation {}", one.to);
    if (one.why == "wr") {
        return fmt::format("{} wrote what {} read, so it took effect before.", from, to);
    }
    if (one.why == "ww") {
        return fmt::format("{} wrote the version that lies before the one of {}.", from, to);
    }
    if (one.why == "rw") {
        return fmt::format("{} read the version before the one that {} wrote.", from, to);
    }
    if (one.why == "process") {
        return fmt::format("{} and then {} were done by one process.", from, to);
    }
    return fmt::format("{} had ended when {} began.", from, to);
}

void draw_arc(markup& page, const dependency& one, point from, point to, double height) {
    const point middle{(from.x + to.x) / 2, (from.y + to.y) / 2};
    // Bent to the right of the way, so that two arcs between two nodes stay apart.
    const double length = std::max(1.0, std::hypot(to.x - from.x, to.y - from.y));
    const double bend = 0.22 * length;
    const point control{middle.x + bend * (to.y - from.y) / length,
                        std::clamp(middle.y - bend * (to.x - from.x) / length, 14.0, height - 14)};
    const auto toward = [](point start, point end, double distance) {
        const double whole = std::max(1.0, std::hypot(end.x - start.x, end.y - start.y));
        const double part = distance / whole;
        return point{start.x + (end.x - start.x) * part, start.y + (end.y - start.y) * part};
    };
    const auto gap = [&](point node) {
        const double flat = std::abs(control.x - node.x) /
                            std::max(1.0, std::hypot(control.x - node.x, control.y - node.y));
        return 24 + flat * (half_box - 18);
    };
    const point begin = toward(from, control, gap(from));
    const point end = toward(to, control, gap(to));
    page.empty("path",
               {{"class", "arc"},
                {"d",
                 fmt::format("M{:.1f} {:.1f}Q{:.1f} {:.1f} {:.1f} {:.1f}",
                             begin.x,
                             begin.y,
                             control.x,
                             control.y,
                             end.x,
                             end.y)}});
    const double turn = std::atan2(end.y - control.y, end.x - control.x) * 180 / std::numbers::pi;
    page.empty("path",
               {{"class", "head"},
                {"d", "M1 0L-10 -5L-10 5z"},
                {"transform",
                 fmt::format("translate({:.1f} {:.1f}) rotate({:.1f})", end.x, end.y, turn)}});
    page.leaf("text",
              one.why,
              {{"class", "arc-name"},
               {"x", number((middle.x + control.x) / 2)},
               {"y", number((middle.y + control.y) / 2 + 4)}});
}

void draw_node(markup& page, std::int64_t index, point at, const digest& seen) {
    page.empty("rect",
               {{"class", "node"},
                {"x", number(at.x - half_box)},
                {"y", number(at.y - 20)},
                {"width", number(2 * half_box)},
                {"height", "40"},
                {"rx", "6"}});
    page.leaf("text",
              fmt::format("operation {}", index),
              {{"class", "node-name"}, {"x", number(at.x)}, {"y", number(at.y - 2)}});
    const auto found = seen.operations.find(index);
    if (found == seen.operations.end()) return;
    page.leaf("text",
              fmt::format("process {}, {}", found->second.process, shortened(found->second.f, 12)),
              {{"class", "node-more"}, {"x", number(at.x)}, {"y", number(at.y + 14)}});
}

}  // namespace

void write_cycle(markup& page, const anomaly& which, const digest& seen) {
    const std::size_t nodes = which.cycle.size();
    if (nodes < 2) return;
    if (nodes <= drawn_max) {
        const double height = height_of(nodes);
        const auto scroll = page.open("div", {{"class", "scroll"}});
        const auto drawing =
            page.open("svg",
                      {{"viewBox", fmt::format("0 0 {:.0f} {:.0f}", width_of(nodes), height)},
                       {"role", "img"},
                       {"aria-label", "The circle of operations"},
                       {"class", nodes <= small_max ? "cycle small" : "cycle"}});
        for (std::size_t at = 0; at < nodes; ++at) {
            draw_arc(page,
                     which.cycle[at],
                     node_at(at, nodes),
                     node_at((at + 1) % nodes, nodes),
                     height);
        }
        for (std::size_t at = 0; at < nodes; ++at) {
            draw_node(page, which.cycle[at].from, node_at(at, nodes), seen);
        }
    }
    const auto list = page.open("ol", {{"class", "arcs"}});
    for (const dependency& one : which.cycle) {
        const auto item = page.open("li");
        page.leaf("b", fmt::format("{} ", one.why), {{"title", words_of(one.why)}});
        page.text(explanation(one));
    }
}

}  // namespace verdikt::checker::report
