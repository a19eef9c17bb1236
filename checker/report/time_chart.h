/// The frame that all pictures over time share: one scale, so that they can be read against each
/// other, and the same bands for faults behind.
#pragma once

#include "checker/report/markup.h"
#include "checker/report/run.h"

#include <cstdint>
#include <string>

namespace verdikt::checker::report {

inline constexpr double chart_width = 1000;
inline constexpr double chart_left = 110;
inline constexpr double chart_right = 990;

class time_scale {
  public:
    /// In nanoseconds.
    explicit time_scale(std::int64_t length) : length_(length > 0 ? length : 1) {}

    [[nodiscard]] std::int64_t length() const { return length_; }
    [[nodiscard]] double x(std::int64_t time) const;
    /// Between two marks on the axis.
    [[nodiscard]] std::int64_t step() const;

  private:
    std::int64_t length_;
};

/// A number for an attribute.
[[nodiscard]] std::string number(double value);

/// A span of each fault that took place, behind whatever is drawn from `top` to `bottom`.
void draw_fault_bands(
    markup& page, const run& what, const time_scale& scale, double top, double bottom);
/// Seconds below `bottom`, and fine lines up to `top`.
void draw_time_axis(markup& page, const time_scale& scale, double top, double bottom);

/// The class by which a fault's family is coloured.
[[nodiscard]] std::string family_class(const std::string& family);
/// Which colour is which family; nothing if there were no faults.
void write_fault_legend(markup& page, const run& what);

/// Of what stands at the left of a lane.
inline constexpr std::size_t lane_name_bytes_max = 18;

/// More faults than these are not drawn.
inline constexpr std::size_t drawn_spans_max = 2000;

}  // namespace verdikt::checker::report
