#include "tests/sim/cluster/cluster_marks.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::tests {

namespace {

struct meaning {
    std::string_view name;
    bool common = true;
};

constexpr bool rare = false;

/// In the order of `mark`.
constexpr std::array<meaning, marks> meanings{{
    {"leader moved"},
    {"leaderless"},
    {"leader moved twice within a second"},
    {"elected from the eligible, with nobody in sync"},
    {"last known leader elected, with nobody eligible", rare},
    {"elected uncleanly", rare},
    {"preferred leader restored"},
    {"ISR shrank"},
    {"ISR grew"},
    {"ISR below min.insync.replicas"},
    {"ISR of one"},
    {"eligible, and out of sync"},
    {"eligible no more after an unclean restart"},
    {"broker fenced"},
    {"clean leave"},
    {"controlled shutdown gave up while still leading", rare},
    {"returned after leaving"},
    {"unclean registration"},
    {"killed while it started"},
    {"killed while it stopped", rare},
    {"all brokers down"},
    {"healed without one"},
    {"controller moved"},
    {"no controller"},
    {"two controllers at once"},
    {"controller moved while a partition was leaderless", rare},
    {"controller moved while a partition was reassigned", rare},
    {"metadata log truncated", rare},
    {"snapshot of metadata taken"},
    {"snapshot of metadata fetched from the controller", rare},
    {"voter removed", rare},
    {"voter added", rare},
    {"producer ids given out"},
    {"two served as leader, of different epochs"},
    {"truncated"},
    {"truncated across two epochs"},
    {"log started anew at its leader's start", rare},
    {"high watermark behind after an election"},
    {"leader under min.insync.replicas"},
    {"leader isolated from controller and followers"},
    {"leader moved while its AlterPartition was pending", rare},
    {"AlterPartition in doubt", rare},
    {"high watermark waits for a replica about to join"},
    {"follower waits for metadata of a newer epoch", rare},
    {"fetch from an older epoch refused"},
    {"fetch from a newer epoch refused"},
    {"produce refused: not enough replicas"},
    {"produce left in doubt: appended, and not committed in time"},
    {"duplicate batch answered as such"},
    {"duplicate of a batch that an earlier leader took"},
    {"batch out of sequence refused", rare},
    {"broker ended by its disk"},
    {"log directory failed beside one that works"},
    {"leader moved off a failed log directory"},
    {"disk full refused records", rare},
    {"disk full, and taking records again in the same life", rare},
    {"disk hung"},
    {"disk hung under a leader"},
    {"sectors lost with the power", rare},
    {"reassignment begun", rare},
    {"reassignment completed", rare},
    {"reassignment completed while a replica was down", rare},
    {"reassignment cancelled", rare},
    {"partitions added"},
    {"topic deleted"},
    {"topic deleted while a broker was down", rare},
    {"topic created anew under the name of a deleted one"},
    {"topic setting changed"},
    {"records deleted"},
    {"records deleted across a leader change", rare},
    {"log start behind after an election", rare},
    {"log compacted"},
    {"rolling restart"},
    {"offsets committed"},
    {"group coordinator moved"},
    {"group coordinator of a static member moved"},
    {"member lost its partitions"},
    {"transaction committed"},
    {"transaction aborted"},
    {"transaction unknown"},
    {"transaction timed out"},
    {"producer fenced"},
    {"coordinator moved while a transaction was ongoing"},
    {"coordinator moved while PrepareCommit", rare},
    {"coordinator moved while PrepareAbort", rare},
    {"last stable offset behind the high watermark"},
    {"delivered"},
    {"failed"},
    {"unknown"},
}};
static_assert(!meanings.back().name.empty());

}  // namespace

std::string_view name(mark which) {
    return meanings.at(static_cast<std::size_t>(which)).name;
}

bool is_common(mark which) {
    return meanings.at(static_cast<std::size_t>(which)).common;
}

std::size_t cluster_marks::reached() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(counts_, [](auto each) { return each > 0; }));
}

std::string cluster_marks::missing() const {
    std::string list;
    for (std::size_t at = 0; at < marks; ++at) {
        if (counts_.at(at) > 0 || !meanings.at(at).common) continue;
        list += fmt::format("{}{}", list.empty() ? "" : ", ", meanings.at(at).name);
    }
    return list;
}

void cluster_marks::add(const cluster_marks& of_a_seed) {
    for (std::size_t at = 0; at < marks; ++at) {
        counts_.at(at) += of_a_seed.counts_.at(at);
        if (of_a_seed.counts_.at(at) > 0) ++seeds_.at(at);
    }
}

std::string cluster_marks::text() const {
    std::string lines = fmt::format("{} of {} marks reached (times, seeds)\n", reached(), marks);
    for (std::size_t at = 0; at < marks; ++at) {
        lines +=
            fmt::format("  {:>9} {:>6}  {}\n", counts_.at(at), seeds_.at(at), meanings.at(at).name);
    }
    return lines;
}

}  // namespace verdikt::tests
