/// The parts of the page, in the order in which they stand.
#pragma once

#include "checker/report/digest.h"
#include "checker/report/log_slices.h"
#include "checker/report/markup.h"
#include "checker/report/run.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::checker::report {

struct page_matter {
    const run& what;
    const digest& seen;
    const std::vector<log_slice>& slices;
};

/// The verdict in words; one or two sentences.
[[nodiscard]] std::string verdict_in_words(const page_matter& of);

void write_head(markup& page, const page_matter& of);
void write_findings(markup& page, const page_matter& of);
void write_replicas(markup& page, const page_matter& of);
void write_timeline(markup& page, const page_matter& of);
void write_plots(markup& page, const page_matter& of);
void write_availability(markup& page, const page_matter& of);
void write_faults(markup& page, const page_matter& of);
void write_log_slices(markup& page, const page_matter& of);
void write_allowed(markup& page, const page_matter& of);
void write_facts(markup& page, const page_matter& of);

// Parts of findings.

/// An anomaly's cycle as a picture, and each arc in words.
void write_cycle(markup& page, const anomaly& which, const digest& seen);
/// Offsets down, readers across.
void write_offset_grid(markup& page,
                       const log_place& around,
                       const anomaly& of,
                       const digest& seen);

/// The first row of a table.
void write_titles(markup& page, std::initializer_list<std::string_view> titles);

/// What the page looks like, light and dark.
[[nodiscard]] std::string_view style_sheet();

}  // namespace verdikt::checker::report
