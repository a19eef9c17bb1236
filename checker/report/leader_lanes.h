/// Who led what when: a lane each, on the timeline and under the plots.
#pragma once

#include "checker/report/markup.h"
#include "checker/report/run.h"
#include "checker/report/time_chart.h"

#include <string>
#include <vector>

namespace verdikt::checker::report {

struct leader_lane {
    std::string of;
    std::vector<const leadership*> spans;
};

/// In the order of first mention, no more than `lanes_max`.
[[nodiscard]] std::vector<leader_lane> leader_lanes(const run& what, std::size_t lanes_max);

/// The class by which a leader is coloured.
[[nodiscard]] std::string leader_class(std::int32_t leader);
/// `orders/0: node 2 in epoch 4 · 0.000 s to 1.500 s`
[[nodiscard]] std::string leader_in_words(const leadership& one);

/// Thin strips from `top` down, named at their left.
void draw_leader_strips(markup& page, const run& what, const time_scale& scale, double top);
[[nodiscard]] double leader_strips_height(const run& what);
/// Which colour is which node; nothing if nobody led.
void write_leader_legend(markup& page, const run& what);

}  // namespace verdikt::checker::report
