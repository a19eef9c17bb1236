#include "checker/report/report.h"

#include "checker/report/digest.h"
#include "checker/report/results_json.h"
#include "checker/report/sections.h"

#include <fmt/format.h>

namespace verdikt::checker::report {

namespace {

std::string page_of(const page_matter& of) {
    markup page;
    page.trusted("<!DOCTYPE html>\n");
    {
        const auto html = page.open("html", {{"lang", "en"}});
        {
            const auto head = page.open("head");
            page.empty("meta", {{"charset", "utf-8"}});
            page.empty("meta",
                       {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
            // Even if something hostile found a way onto the page, nothing of it would run or load.
            page.empty("meta",
                       {{"http-equiv", "Content-Security-Policy"},
                        {"content", "default-src 'none'; style-src 'unsafe-inline'"}});
            page.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
            page.leaf("title",
                      fmt::format(
                          "{} · {} · Verdikt", name_of(of.what.says), shortened(of.what.test, 80)));
            const auto style = page.open("style");
            page.trusted(style_sheet());
        }
        const auto body = page.open("body");
        const auto main = page.open("main");
        write_head(page, of);
        write_findings(page, of);
        write_timeline(page, of);
        write_plots(page, of);
        write_faults(page, of);
        write_log_slices(page, of);
        write_allowed(page, of);
        write_facts(page, of);
    }
    page.trusted("\n");
    return page.take();
}

}  // namespace

report make_report(const run& what, history::byte_source& history, std::span<const node_log> logs) {
    const digest seen = make_digest(what, history);
    const std::vector<log_slice> slices = slice_logs(what, seen, logs);
    const page_matter matter{what, seen, slices};
    return {.html = page_of(matter), .json = results_as_json(matter)};
}

}  // namespace verdikt::checker::report
