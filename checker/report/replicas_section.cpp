/// Where the logs of the replicas differ, once everything was healed and stopped.
#include "checker/report/sections.h"

#include <fmt/format.h>

namespace verdikt::checker::report {

namespace {

using replica_logs::difference;
using replica_logs::node_slice;
using replica_logs::slice_line;

void write_slice(markup& page, const node_slice& one) {
    const auto row = page.open("tr");
    page.leaf("th", fmt::format("node {}", one.node));
    const auto cell = page.open("td");
    for (const slice_line& line : one.lines) {
        const auto code = page.open("code", {{"class", "batch"}});
        const std::string text = shortened(line.text, 300);
        if (line.differs) {
            page.leaf("mark", text);
        } else {
            page.text(text);
        }
    }
}

void write_difference(markup& page, const difference& one) {
    page.leaf("h3", shortened(one.what, 1200));
    const auto scroll = page.open("div", {{"class", "scroll"}});
    const auto table = page.open("table");
    for (const node_slice& each : one.slices) write_slice(page, each);
}

}  // namespace

void write_replicas(markup& page, const page_matter& of) {
    if (!of.what.replicas || of.what.replicas->differences.empty()) return;
    const auto section = page.open("section", {{"id", "replicas"}});
    page.leaf("h2", "Where the replicas' logs differ");
    {
        const auto note = page.open("p", {{"class", "quiet"}});
        page.text(
            "The batches of each node around the lowest offset that differs below what all know to "
            "be committed. Marked is what not all have.");
    }
    for (const difference& each : of.what.replicas->differences) write_difference(page, each);
}

}  // namespace verdikt::checker::report
