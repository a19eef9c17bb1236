/// What every part of the groups checker looks at, and how it words what it finds.
#pragma once

#include "checker/groups/recording.h"
#include "checker/groups/settings.h"
#include "checker/verdict/findings.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::checker::groups {

struct evidence {
    const recording& history;
    const settings& asked;

    [[nodiscard]] std::int64_t process_of(std::uint32_t member) const {
        return history.members[member].process;
    }
    [[nodiscard]] std::string partition(std::uint32_t number) const {
        return history.partitions.text_of(number);
    }
    /// Both are the same static member, in two lives.
    [[nodiscard]] bool same_instance(std::uint32_t one, std::uint32_t other) const {
        const std::uint32_t instance = history.members[one].instance;
        return instance != none && instance == history.members[other].instance;
    }
};

// Each reports the anomalies that it names; how they are told is said where they are.

/// two-owners.
void check_owners(const evidence& seen, findings& into);
/// commit-went-back, commit-lost, reset-to-start, skipped-to-end.
void check_commits(const evidence& seen, findings& into);
/// orphan-partition.
void check_orphans(const evidence& seen, findings& into);

}  // namespace verdikt::checker::groups
