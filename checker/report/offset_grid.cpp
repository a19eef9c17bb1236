/// Offsets down, who met them across: what was acknowledged there, and what each reader was given.
#include "checker/report/sections.h"
#include "checker/report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace verdikt::checker::report {

namespace {

constexpr std::size_t readers_max = 10;

struct cell {
    std::set<std::string> values;
};

struct reader {
    std::int64_t process = 0;
    bool proves = false;
    std::map<std::int64_t, cell> met;  ///< By offset.

    /// It was given something before that offset and something behind it, but not what lay there.
    [[nodiscard]] bool passed(std::int64_t offset) const {
        return !met.contains(offset) && !met.empty() && met.begin()->first < offset &&
               met.rbegin()->first > offset;
    }
};

struct grid {
    std::map<std::int64_t, cell> sent;
    std::vector<reader> readers;
    std::set<std::int64_t> offsets;
};

bool is_proof(const anomaly& of, const digest& seen, std::int64_t process) {
    return std::ranges::any_of(of.operations, [&](std::int64_t index) {
        const auto found = seen.operations.find(index);
        return found != seen.operations.end() && found->second.process == process;
    });
}

grid grid_of(const offset_window& window, const anomaly& of, const digest& seen) {
    grid made;
    std::map<std::int64_t, reader> readers;
    for (const sighting& one : window.seen) {
        if (one.type == history::op_type::fail && one.sent) continue;
        made.offsets.insert(one.offset);
        if (one.sent) {
            made.sent[one.offset].values.insert(one.value);
        } else {
            readers[one.process].met[one.offset].values.insert(one.value);
        }
    }
    // Those who prove something stand first.
    for (const bool proves : {true, false}) {
        for (auto& [process, one] : readers) {
            if (is_proof(of, seen, process) != proves) continue;
            one.process = process;
            one.proves = proves;
            made.readers.push_back(std::move(one));
        }
    }
    return made;
}

std::string joined(const cell& what) {
    std::string text;
    for (const std::string& one : what.values) text += (text.empty() ? "" : ", ") + one;
    return text;
}

/// Whether all who met the offset met the same.
bool agrees(const grid& all, std::int64_t offset) {
    std::set<std::string> values;
    if (const auto sent = all.sent.find(offset); sent != all.sent.end()) {
        values.insert(sent->second.values.begin(), sent->second.values.end());
    }
    for (const reader& one : all.readers) {
        const auto met = one.met.find(offset);
        if (met != one.met.end())
            values.insert(met->second.values.begin(), met->second.values.end());
    }
    return values.size() <= 1;
}

void write_cell(markup& page, const cell* what, bool passed, bool differs) {
    if (what != nullptr) {
        page.leaf("td", joined(*what), {{"class", differs ? "differs" : "met"}});
    } else {
        page.leaf("td", passed ? "passed over" : "", {{"class", passed ? "passed" : "blank"}});
    }
}

void write_row(markup& page, const grid& all, std::int64_t offset, bool about, std::size_t shown) {
    const auto row = page.open("tr", {{"class", about ? "about" : "other"}});
    page.leaf("th", fmt::format("{}", offset));
    const bool differs = !agrees(all, offset);
    const auto sent = all.sent.find(offset);
    write_cell(page, sent == all.sent.end() ? nullptr : &sent->second, false, differs);
    for (std::size_t at = 0; at < shown; ++at) {
        const reader& one = all.readers[at];
        const auto met = one.met.find(offset);
        write_cell(
            page, met == one.met.end() ? nullptr : &met->second, one.passed(offset), differs);
    }
}

}  // namespace

void write_offset_grid(markup& page,
                       const log_place& around,
                       const anomaly& of,
                       const digest& seen) {
    const auto window = std::ranges::find(seen.windows, around, &offset_window::around);
    if (window == seen.windows.end() || window->seen.empty()) return;
    const grid all = grid_of(*window, of, seen);
    const std::size_t shown = std::min(all.readers.size(), readers_max);
    const auto scroll = page.open("div", {{"class", "scroll"}});
    const auto table = page.open("table", {{"class", "grid"}});
    page.leaf(
        "caption",
        fmt::format("Partition {} around offset {}: who met what{}",
                    shortened(around.partition, 80),
                    around.offset,
                    shown < all.readers.size()
                        ? fmt::format(" ({} more readers are left out)", all.readers.size() - shown)
                        : std::string()));
    {
        const auto row = page.open("tr");
        page.leaf("th", "offset");
        page.leaf("th", "sent");
        for (std::size_t at = 0; at < shown; ++at) {
            const reader& one = all.readers[at];
            page.leaf("th",
                      fmt::format("process {}", one.process),
                      {{"class", one.proves ? "proves" : "reader"}});
        }
    }
    for (const std::int64_t offset : all.offsets) {
        const bool about =
            std::ranges::find(of.places, log_place{around.partition, offset}) != of.places.end();
        write_row(page, all, offset, about, shown);
    }
}

}  // namespace verdikt::checker::report
