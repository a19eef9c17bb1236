#include "checker/report/replicas_json.h"

#include <algorithm>
#include <string>
#include <utility>

namespace verdikt::checker::report {

namespace {

using nlohmann::ordered_json;
using replica_logs::comparison;
using replica_logs::difference;
using replica_logs::node_slice;

ordered_json slice_as_json(const node_slice& one) {
    ordered_json lines = ordered_json::array();
    for (const auto& line : one.lines) {
        lines.push_back({{"text", line.text}, {"differs", line.differs}});
    }
    return {{"node", one.node}, {"lines", std::move(lines)}};
}

ordered_json difference_as_json(const difference& one) {
    ordered_json slices = ordered_json::array();
    for (const node_slice& each : one.slices) slices.push_back(slice_as_json(each));
    return {{"partition", one.partition},
            {"offset", one.offset},
            {"what", one.what},
            {"slices", std::move(slices)}};
}

node_slice slice_from(const ordered_json& told) {
    node_slice made{.node = told.value("node", 0), .lines = {}};
    for (const ordered_json& line : told.value("lines", ordered_json::array())) {
        made.lines.push_back({line.value("text", std::string()), line.value("differs", false)});
    }
    return made;
}

difference difference_from(const ordered_json& told) {
    difference made{.partition = told.value("partition", std::string()),
                    .offset = told.value("offset", std::int64_t{0}),
                    .what = told.value("what", std::string())};
    for (const ordered_json& each : told.value("slices", ordered_json::array())) {
        made.slices.push_back(slice_from(each));
    }
    return made;
}

}  // namespace

ordered_json replicas_as_json(const std::optional<comparison>& what) {
    if (!what) return nullptr;
    ordered_json differences = ordered_json::array();
    for (const difference& each : what->differences) {
        differences.push_back(difference_as_json(each));
    }
    return {{"not-made-because", what->not_made_because},
            {"partitions", what->partitions},
            {"batches", what->batches},
            {"records", what->records},
            {"differing", what->differing},
            {"differences", std::move(differences)}};
}

std::optional<comparison> replicas_from(const ordered_json& told) {
    if (told.is_null()) return std::nullopt;
    comparison made{.not_made_because = told.value("not-made-because", std::string()),
                    .partitions = told.value("partitions", std::uint64_t{0}),
                    .batches = told.value("batches", std::uint64_t{0}),
                    .records = told.value("records", std::uint64_t{0})};
    for (const ordered_json& each : told.value("differences", ordered_json::array())) {
        made.differences.push_back(difference_from(each));
    }
    // Those that are not shown were counted all the same.
    made.differing =
        std::max<std::uint64_t>(told.value("differing", std::uint64_t{0}), made.differences.size());
    return made;
}

}  // namespace verdikt::checker::report
