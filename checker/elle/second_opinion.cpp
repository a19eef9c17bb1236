#include "checker/elle/second_opinion.h"

#include <fmt/format.h>

namespace verdikt::checker::elle {

void add_second_opinion(answer theirs, std::string_view why, judgement& ours) {
    const bool undecided = theirs == answer::none || theirs == answer::unknown;
    if (undecided) {
        ours.doubts.push_back(fmt::format("Elle gave no verdict: {}", why));
        if (ours.says == verdict::valid) ours.says = verdict::inconclusive;
        return;
    }
    ours.notes.push_back(fmt::format("Elle says {}", name_of(theirs)));
    const bool differs =
        ours.says == (theirs == answer::valid ? verdict::violation : verdict::valid);
    const bool only_elle = theirs == answer::invalid && ours.says == verdict::inconclusive;
    if (!differs && !only_elle) return;
    ours.doubts.push_back(fmt::format("Elle says {} and we say {}; one of the two is wrong",
                                      name_of(theirs),
                                      name_of(ours.says)));
    ours.says = verdict::inconclusive;
}

}  // namespace verdikt::checker::elle
