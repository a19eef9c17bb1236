/// two-owners: two members have one partition at the same time, and the coordinator holds with
/// both.
///
/// Either both were given it in one generation, and each had it while the other did. Or a commit
/// was accepted from a member after another had been given the partition in a later generation: the
/// coordinator cannot have left the first generation by then and be in it still. Of a static member
/// the later life counts as the later generation: it fences the earlier one.
///
/// That two members had a partition at once as far as they knew is no proof by itself: one may not
/// have heard yet that its session is over.
#include "checker/groups/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace verdikt::checker::groups {

namespace {

using history::op_type;

/// The ownerships of one partition.
class owner_check {
  public:
    owner_check(const evidence& seen, findings& into) : seen_(seen), into_(into) {}

    void run(std::vector<const ownership*> owners, const std::vector<const commit*>& commits) {
        check_generations(owners);
        std::ranges::sort(owners, {}, [](const ownership* one) {
            return std::tuple(one->from, one->index, one->generation);
        });
        highest_.clear();
        std::int64_t highest = -1;
        for (const ownership* one : owners) {
            highest = std::max(highest, one->generation);
            highest_.push_back(highest);
        }
        for (const commit* one : commits) check_commit(owners, *one);
    }

  private:
    void check_generations(std::vector<const ownership*> owners) {
        std::ranges::sort(owners, {}, [](const ownership* one) {
            return std::tuple(one->generation, one->index, one->from);
        });
        for (std::size_t first = 0; first < owners.size(); ++first) {
            for (std::size_t at = first + 1; at < owners.size(); ++at) {
                if (owners[at]->generation != owners[first]->generation) break;
                compare(*owners[first], *owners[at]);
            }
        }
    }

    void compare(const ownership& one, const ownership& other) {
        if (one.generation < 0 || one.member == other.member) return;
        if (seen_.same_instance(one.member, other.member)) return;
        if (one.from >= seen_.history.surely_until(other)) return;
        if (other.from >= seen_.history.surely_until(one)) return;
        into_.add("two-owners", true, [&] {
            return anomaly{
                .operations = {std::min(one.index, other.index), std::max(one.index, other.index)},
                .what = fmt::format("processes {} and {} both had partition {} in generation {}",
                                    seen_.process_of(one.member),
                                    seen_.process_of(other.member),
                                    seen_.partition(one.partition),
                                    one.generation)};
        });
    }

    void check_commit(const std::vector<const ownership*>& owners, const commit& one) {
        if (one.type != op_type::ok || one.member == none || one.generation < 0) return;
        const auto behind = std::ranges::lower_bound(
            owners, one.begun_at, {}, [](const ownership* each) { return each->from; });
        const member& by = seen_.history.members[one.member];
        for (auto at = static_cast<std::size_t>(behind - owners.begin()); at-- > 0;) {
            // Whoever came after that was told another generation by a group that began anew.
            if (owners[at]->from <= by.begun_at || highest_[at] < one.generation) return;
            if (!fences(*owners[at], one)) continue;
            report(*owners[at], one);
            return;
        }
    }

    [[nodiscard]] bool fences(const ownership& owner, const commit& one) const {
        if (owner.member == one.member) return false;
        if (owner.generation > one.generation) return true;
        const bool later_life =
            seen_.history.members[owner.member].begun > seen_.history.members[one.member].begun;
        return owner.generation == one.generation && later_life &&
               seen_.same_instance(owner.member, one.member);
    }

    void report(const ownership& owner, const commit& late) {
        into_.add("two-owners", true, [&] {
            return anomaly{
                .operations = {std::min(owner.index, late.index),
                               std::max(owner.index, late.index)},
                .what = fmt::format("operation {} told process {} that partition {} is its own, in "
                                    "generation {}; after that operation {} committed for it "
                                    "as process {} of generation {}",
                                    owner.index,
                                    seen_.process_of(owner.member),
                                    seen_.partition(owner.partition),
                                    owner.generation,
                                    late.index,
                                    seen_.process_of(late.member),
                                    late.generation)};
        });
    }

    const evidence& seen_;
    findings& into_;
    /// Up to each ownership the highest generation.
    std::vector<std::int64_t> highest_;
};

}  // namespace

void check_owners(const evidence& seen, findings& into) {
    const std::size_t partitions = seen.history.partitions.size();
    std::vector<std::vector<const ownership*>> owners(partitions);
    std::vector<std::vector<const commit*>> commits(partitions);
    for (const ownership& one : seen.history.ownerships) owners[one.partition].push_back(&one);
    for (const commit& one : seen.history.commits) commits[one.partition].push_back(&one);
    owner_check check(seen, into);
    for (std::size_t partition = 0; partition < partitions; ++partition) {
        check.run(std::move(owners[partition]), commits[partition]);
    }
}

}  // namespace verdikt::checker::groups
