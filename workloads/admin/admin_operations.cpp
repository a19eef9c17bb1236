/// Single operations of the admin workload: a change, a question.
#include "workloads/admin/admin_worker.h"

#include <algorithm>
#include <array>
#include <utility>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using checker::history::datum;
using checker::history::op_type;
using kafka::error_code;
using runtime::awaitable;

namespace {

constexpr runtime::duration question_patience = 3s;

/// The request makes no sense, whoever looks at it and however often.
bool certainly_refused(const client::error& why) {
    constexpr std::array refusals{error_code::invalid_replication_factor,
                                  error_code::invalid_config,
                                  error_code::invalid_request,
                                  error_code::policy_violation,
                                  error_code::invalid_topic_exception};
    return why.reason == client::errc::refused_by_broker &&
           std::ranges::find(refusals, why.code) != refusals.end();
}

template <typename Key>
client::result<void> outcome_for(const client::result<client::outcomes<Key>>& all,
                                 const Key& which) {
    if (!all) return std::unexpected(all.error());
    const auto found = all->find(which);
    if (found != all->end()) return found->second;
    return client::failure(client::errc::malformed_answer, "no outcome");
}

awaitable<client::result<void>> create(client::admin& through,
                                       const admin_options& plan,
                                       const topic_change& what) {
    client::new_topic wanted{
        .name = what.topic,
        .partitions = what.partitions,
        .replication_factor = static_cast<std::int16_t>(plan.load.replication_factor)};
    for (const auto& [name, value] : what.configs) {
        if (value) wanted.configs[name] = *value;
    }
    std::vector<client::new_topic> topics{std::move(wanted)};
    const auto done = co_await through.create_topics(std::move(topics));
    co_return outcome_for(done, what.topic);
}

awaitable<client::result<void>> alter(client::admin& through, const topic_change& what) {
    const client::config_resource resource{.type = client::config_resource_type::topic,
                                           .name = what.topic};
    std::map<client::config_resource, std::vector<client::config_change>> changes;
    for (const auto& [name, value] : what.configs) {
        const auto how = value ? client::alter_operation::set : client::alter_operation::remove;
        changes[resource].push_back({.name = name, .operation = how, .value = value});
    }
    const auto done = co_await through.alter_configs(std::move(changes));
    co_return outcome_for(done, resource);
}

awaitable<client::result<void>> carry_out(client::admin& through,
                                          const admin_options& plan,
                                          const topic_change& what) {
    if (what.f == "create-topic") co_return co_await create(through, plan, what);
    if (what.f == "alter-configs") co_return co_await alter(through, what);
    if (what.f == "delete-topic") {
        std::set<std::string> names{what.topic};
        const auto deleted = co_await through.delete_topics(std::move(names));
        co_return outcome_for(deleted, what.topic);
    }
    std::map<std::string, std::int32_t> counts{{what.topic, what.partitions}};
    const auto added = co_await through.create_partitions(std::move(counts));
    co_return outcome_for(added, what.topic);
}

datum final_flag() {
    datum made;
    made.open_map();
    made.add_keyword("final");
    made.add_boolean(true);
    made.close();
    return made;
}

template <typename Told>
std::optional<Told> record(open_operation& op,
                           kafka::node_id broker,
                           client::result<Told> answer,
                           bool final) {
    if (final) op.more = final_flag();
    if (!answer) {
        op.error.add_text(answer.error().message());
        op.end(op_type::fail);
        return std::nullopt;
    }
    op.value = value_of_answer(broker, *answer);
    op.end(op_type::ok);
    return std::move(*answer);
}

}  // namespace

awaitable<op_type> change_topic(client::admin& through,
                                const admin_options& plan,
                                recorder& history,
                                std::int64_t process,
                                topic_change what) {
    open_operation op = history.begin(process, what.f, value_of(what));
    const client::result<void> done = co_await carry_out(through, plan, what);
    op_type type = op_type::ok;
    if (!done) {
        op.error.add_text(done.error().message());
        type = certainly_refused(done.error()) ? op_type::fail : op_type::info;
    }
    op.end(type);
    co_return type;
}

awaitable<std::optional<topic_shapes>> describe_topics(client::cluster& through,
                                                       recorder& history,
                                                       std::int64_t process,
                                                       kafka::node_id broker,
                                                       std::set<std::string> topics,
                                                       bool final) {
    open_operation op =
        history.begin(process, "describe-topics", value_of_question(broker, topics));
    const auto deadline = through.world().now() + question_patience;
    auto answer = co_await ask_for_shapes(through, broker, std::move(topics), deadline);
    co_return record(op, broker, std::move(answer), final);
}

awaitable<std::optional<topic_configs>> describe_configs(client::cluster& through,
                                                         recorder& history,
                                                         std::int64_t process,
                                                         kafka::node_id broker,
                                                         std::set<std::string> topics,
                                                         bool final) {
    open_operation op =
        history.begin(process, "describe-configs", value_of_question(broker, topics));
    const auto deadline = through.world().now() + question_patience;
    auto answer = co_await ask_for_configs(through, broker, std::move(topics), deadline);
    co_return record(op, broker, std::move(answer), final);
}

}  // namespace verdikt::workloads
