#include "checker/replica_logs/replica_logs.h"
#include "checker/verdict/catalogue.h"
#include "checker/verdict/findings.h"

#include <algorithm>

namespace verdikt::checker::replica_logs {

namespace {

anomaly told(const comparison& what, std::uint64_t at) {
    return {
        .how = certainty::certain,
        .operations = {},
        .what = at < what.differences.size() ? what.differences[at].what : "one more partition"};
}

}  // namespace

judgement judge(const comparison& what, bool promised) {
    /// What is stored may claim anything.
    constexpr std::uint64_t counted_max = 1'000'000;
    findings found(replicas_model);
    for (std::uint64_t at = 0; at < std::min(what.differing, counted_max); ++at) {
        found.add("logs-differ", promised, [&] { return told(what, at); });
    }
    found.count("partitions", what.partitions);
    found.count("batches", what.batches);
    found.count("records of compacted partitions", what.records);
    judgement said = found.judge();
    if (!what.not_made_because.empty()) {
        said.notes.push_back("the replicas' logs were not compared: " + what.not_made_because);
    }
    return said;
}

}  // namespace verdikt::checker::replica_logs
