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

/// What the log says, as far as it was read.
class group_partition::replay final : public log_visitor {
  public:
    replay(runtime::log_sink& log, kafka::partition_index index) : log_(&log), index_(index) {}

    void record(std::span<const std::byte> key,
                std::optional<std::span<const std::byte>> value,
                std::optional<kafka::producer_id> transaction) override {
        auto read = read_record(key, value);
        std::visit(overloaded{[&](read_offset& offset) { see(std::move(offset), transaction); },
                              [&](read_group& group) {
                                  auto& known = groups[group.group];
                                  known.state = std::move(group.state);
                                  known.since = group.since;
                              },
                              [&](unreadable&) {
                                  log_->write(runtime::log_level::warning,
                                              "group_record_skipped",
                                              {{"partition", index_}});
                              }},
                   read);
    }

    void transaction_ended(kafka::producer_id producer, bool committed) override {
        const auto ended = transactions.extract(producer);
        if (ended.empty()) return;
        for (const std::string& group : ended.mapped()) {
            groups[group].offsets.end_transaction(producer, committed);
        }
    }

    void clear() {
        groups.clear();
        transactions.clear();
    }

    std::map<std::string, replayed_group> groups;
    groups_by_producer transactions;

  private:
    void see(read_offset offset, std::optional<kafka::producer_id> transaction) {
        auto& offsets = groups[offset.group].offsets;
        if (!offset.value) {
            offsets.erase(offset.where);
        } else if (transaction) {
            offsets.restore_in_transaction(offset.where, *transaction, std::move(*offset.value));
            transactions[*transaction].insert(std::move(offset.group));
        } else {
            offsets.restore(offset.where, std::move(*offset.value));
        }
    }

    runtime::log_sink* log_;
    kafka::partition_index index_;
};

void group_partition::start_loading() {
    loading_.spawn(load());
}

runtime::awaitable<void> group_partition::load() {
    replay seen(services_.world.log(), index_);
    for (;;) {
        const auto outcome = co_await services_.log.replay(index_, seen);
        // The last of what it waited for may come together with the end of the leadership.
        if (phase_ == phase::retired) co_return;
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

void group_partition::take_over(replay seen) {
    phase_ = phase::serving;
    transactions_ = std::move(seen.transactions);
    for (auto& [id, read] : seen.groups) {
        if (!read.state && read.offsets.empty()) continue;
        effects out;
        hosted_group taken{
            .id = id,
            .machine = read.state ? group::restore(services_.config.groups, *read.state, out)
                                  : group(services_.config.groups),
            .offsets = std::move(read.offsets),
            .state_since = read.since,
            .recorded = read.state.has_value()};
        hosted_group& here = groups_.emplace(id, std::move(taken)).first->second;
        settle(here, here.machine.state(), std::move(out));
    }
    services_.world.log().write(runtime::log_level::info,
                                "group_partition_loaded",
                                {{"partition", index_}, {"groups", groups_.size()}});
}

}  // namespace verdikt::broker::coordinator
