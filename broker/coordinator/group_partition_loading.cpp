// Taking the groups of a partition over: its log says what they were.
#include "broker/coordinator/group_partition.h"
#include "runtime/check.h"

#include <utility>

namespace verdikt::broker::coordinator {

namespace {

constexpr std::chrono::seconds retry_after{1};

template <class... Cases>
struct overloaded : Cases... {
    using Cases::operator()...;
};

}  // namespace

void group_partition::start_loading() {
    loading_.spawn(load());
}

runtime::awaitable<void> group_partition::load() {
    replayed seen;
    for (;;) {
        const auto outcome = co_await services_.log.replay(
            index_, [&](auto key, auto value) { see(seen, key, value); });
        if (outcome) break;
        services_.world.log().write(
            runtime::log_level::error,
            "group_partition_load_failed",
            {{"partition", index_}, {"error", kafka::name(outcome.error())}});
        seen.clear();
        co_await services_.world.sleep_for(retry_after);
    }
    take_over(std::move(seen));
}

void group_partition::see(replayed& seen,
                          std::span<const std::byte> key,
                          std::optional<std::span<const std::byte>> value) {
    auto record = read_record(key, value);
    std::visit(overloaded{[&](read_offset& read) {
                              auto& offsets = seen[read.group].offsets;
                              if (read.value) {
                                  offsets.insert_or_assign(read.where, std::move(*read.value));
                              } else {
                                  offsets.erase(read.where);
                              }
                          },
                          [&](read_group& read) {
                              auto& group = seen[read.group];
                              group.state = std::move(read.state);
                              group.since = read.since;
                          },
                          [&](unreadable&) {
                              services_.world.log().write(runtime::log_level::warning,
                                                          "group_record_skipped",
                                                          {{"partition", index_}});
                          }},
               record);
}

void group_partition::take_over(replayed seen) {
    phase_ = phase::serving;
    for (auto& [id, read] : seen) {
        if (!read.state && read.offsets.empty()) continue;
        effects out;
        hosted_group taken{
            .id = id,
            .machine = read.state ? group::restore(services_.config.groups, *read.state, out)
                                  : group(services_.config.groups),
            .offsets = {},
            .state_since = read.since,
            .recorded = read.state.has_value()};
        for (auto& [where, value] : read.offsets) taken.offsets.restore(where, std::move(value));
        hosted_group& here = groups_.emplace(id, std::move(taken)).first->second;
        settle(here, here.machine.state(), std::move(out));
    }
    services_.world.log().write(runtime::log_level::info,
                                "group_partition_loaded",
                                {{"partition", index_}, {"groups", groups_.size()}});
}

}  // namespace verdikt::broker::coordinator
