#include "checker/verdict/catalogue_parts.h"

#include <array>

namespace verdikt::checker {

namespace {

constexpr std::string_view once =
    "transactions with send_offsets_to_transaction and isolation.level=read_committed, without "
    "automatic commits, as long as unclean elections are off";
constexpr std::string_view acknowledged_commits =
    "commits that the coordinator acknowledged, as long as unclean elections are off";

constexpr std::array exactly_once_kinds{
    anomaly_kind{"eos-duplicate",
                 "exactly-once",
                 "One input was processed into two outputs, both committed.",
                 "What was processed once is not processed again.",
                 once},
    anomaly_kind{"eos-lost",
                 "exactly-once",
                 "The group went on past an input, and when the output was read to its end after "
                 "that, there was no output of it.",
                 "No input is passed over.",
                 once,
                 harm::loss},
    anomaly_kind{"eos-zombie",
                 "exactly-once",
                 "An instance committed a transaction that it asked for after its transactional id "
                 "had been taken over, or after a member of a later generation had committed.",
                 "Who was fenced writes nothing any more.",
                 once},
    anomaly_kind{"eos-offset-mismatch",
                 "exactly-once",
                 "The group's committed offset is below one that a committed transaction carries, "
                 "or is one that no transaction carries which may have been committed.",
                 "Outputs and offsets are committed together.",
                 once},
};

constexpr std::array group_kinds{
    anomaly_kind{"two-owners",
                 "groups",
                 "Two members were given one partition in the same generation and had it at the "
                 "same time, or a commit was accepted from a member after its partition had gone "
                 "to another in a later generation.",
                 "A partition has one owner at a time.",
                 "any settings"},
    anomaly_kind{"commit-went-back",
                 "groups",
                 "A member found a lower offset committed, or began to read at one, than had "
                 "certainly been committed before it became a member, and nobody reset it.",
                 "A committed offset does not fall.",
                 acknowledged_commits},
    anomaly_kind{
        "commit-lost",
        "groups",
        "A member found nothing committed, or what nobody could have committed last, where "
        "a commit had been acknowledged.",
        "An acknowledged commit stays until the next.",
        acknowledged_commits,
        harm::loss},
    anomaly_kind{"reset-to-start",
                 "groups",
                 "A member began to read at the beginning of a partition, though the group had "
                 "committed a later offset.",
                 "A group resumes where it committed.",
                 acknowledged_commits},
    anomaly_kind{"skipped-to-end",
                 "groups",
                 "A member began to read behind messages that the group had not come to by its "
                 "commits.",
                 "A group resumes where it committed.",
                 acknowledged_commits,
                 harm::loss},
    anomaly_kind{
        "orphan-partition",
        "groups",
        "Nobody owned a partition for longer than sessions and rebalances may take, though "
        "members were there and nothing disturbed them.",
        "Every partition finds an owner.",
        "any settings",
        harm::availability},
};

}  // namespace

std::span<const anomaly_kind> exactly_once_anomalies() {
    return exactly_once_kinds;
}

std::span<const anomaly_kind> group_anomalies() {
    return group_kinds;
}

}  // namespace verdikt::checker
