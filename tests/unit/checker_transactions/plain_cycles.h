/// Every cycle of a small graph, walked: which of Adya's anomalies are there.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace verdikt::checker {

struct plain_arc {
    bool ww = false;
    bool wr = false;
    bool rw = false;
    /// Of real time or of a process.
    bool order = false;

    [[nodiscard]] bool any() const { return ww || wr || rw || order; }
};

/// From each to each.
using plain_graph = std::vector<std::vector<plain_arc>>;

/// `ending` is that of the variants, such as "-realtime". Of each component what nothing found
/// there is a case of.
[[nodiscard]] std::set<std::string> anomalies_of_cycles(const plain_graph& graph,
                                                        const std::string& ending);

}  // namespace verdikt::checker
