#include "nemesis/schedule.h"

#include "runtime/check.h"

#include <algorithm>
#include <span>

namespace verdikt::nemesis {

namespace {

using std::chrono::milliseconds;

/// A fault may last up to that many times its mean, a pause too.
constexpr std::int64_t spread_max = 2;

/// Gives out every kind once, in random order, before any kind again.
class bag {
  public:
    bag(std::vector<fault_kind> kinds, runtime::random_source random)
        : kinds_(std::move(kinds)), random_(random) {}

    fault_kind draw() {
        if (left_.empty()) refill();
        const fault_kind drawn = left_.back();
        left_.pop_back();
        return drawn;
    }

  private:
    void refill() {
        left_ = kinds_;
        random_.shuffle(std::span(left_));
    }

    std::vector<fault_kind> kinds_;
    std::vector<fault_kind> left_;
    runtime::random_source random_;
};

template <typename T>
const T& any(const std::vector<T>& items, runtime::random_source& random) {
    return items[random.below(items.size())];
}

bool can_aim(role who, const draw_options& options) {
    switch (who) {
        case role::leader:
        case role::followers:
        case role::in_sync:
        case role::lagging:
            return !options.partitions.empty();
        case role::group_coordinator:
            return !options.groups.empty();
        case role::transaction_coordinator:
            return !options.transactional_ids.empty();
        case role::minority:
            return options.nodes >= 3;
        case role::controller:
        case role::one:
        case role::majority:
        case role::all:
        case role::node:
        case role::clients:
            return true;
    }
    CHECK(false, "role {}", static_cast<int>(who));
    return false;
}

selector draw_target(const fault_description& kind,
                     const draw_options& options,
                     runtime::random_source& random) {
    std::vector<role> possible;
    for (const role each : kind.aims) {
        if (can_aim(each, options)) possible.push_back(each);
    }
    if (possible.empty()) return {.who = role::all};
    selector target{.who = any(possible, random)};
    if (target.who <= role::lagging) target.partition = any(options.partitions, random);
    if (target.who == role::group_coordinator) target.id = any(options.groups, random);
    if (target.who == role::transaction_coordinator) {
        target.id = any(options.transactional_ids, random);
    }
    return target;
}

fault draw_fault(fault_kind kind, const draw_options& options, runtime::random_source& random) {
    const fault_description& known = describe(kind);
    fault drawn{.kind = kind, .target = draw_target(known, options, random)};
    for (const fault_parameter& each : known.parameters) {
        drawn.parameters[std::string(each.name)] = random.between(each.low, each.high);
    }
    return drawn;
}

milliseconds draw_span(milliseconds mean, runtime::random_source& random) {
    return milliseconds(random.between(0, spread_max * mean.count()));
}

milliseconds draw_length(fault_kind kind,
                         const draw_options& options,
                         runtime::random_source& random) {
    const fault_description& known = describe(kind);
    if (known.instant) return {};
    const milliseconds least = known.lasts_min;
    return least + draw_span(std::max(options.fault_mean - least, milliseconds()), random);
}

bool may_overlap(const schedule& drawn, fault_kind kind) {
    if (drawn.steps.empty()) return false;
    const step& last = drawn.steps.back();
    return last.lasts > milliseconds() && describe(last.what.kind).family != describe(kind).family;
}

milliseconds within_last(const schedule& drawn, runtime::random_source& random) {
    const step& last = drawn.steps.back();
    return last.at + milliseconds(random.between(0, last.lasts.count()));
}

}  // namespace

milliseconds schedule::end() const {
    milliseconds last{};
    for (const step& each : steps) last = std::max(last, each.at + each.lasts);
    return last;
}

schedule draw_schedule(const draw_options& options, std::uint64_t seed) {
    CHECK(!options.faults.empty());
    runtime::random_source random(seed);
    bag kinds(options.faults, random.fork());
    schedule drawn{.seed = seed, .steps = {}};
    bool overlapped = false;
    for (;;) {
        const fault_kind kind = kinds.draw();
        // Never three at once: the step before must have begun alone.
        overlapped = !overlapped && may_overlap(drawn, kind) && random.chance(options.overlap);
        const milliseconds begin = overlapped ? within_last(drawn, random)
                                              : drawn.end() + draw_span(options.pause_mean, random);
        const milliseconds lasts = draw_length(kind, options, random);
        const milliseconds takes = std::max(lasts, describe(kind).lasts_min);
        if (begin + takes > options.span) return drawn;
        drawn.steps.push_back({.at = begin,
                               .lasts = lasts,
                               .what = draw_fault(kind, options, random),
                               .seed = random.next()});
    }
}

}  // namespace verdikt::nemesis
