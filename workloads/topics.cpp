#include "workloads/topics.h"

#include "workloads/clients.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <set>
#include <utility>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using runtime::awaitable;

namespace {

constexpr runtime::duration rest_between_tries = 200ms;

/// What stood in the way of the first that could not be made.
awaitable<std::optional<std::string>> try_to_make(client::admin& asking,
                                                  std::vector<client::new_topic> topics) {
    const auto made = co_await asking.create_topics(std::move(topics));
    if (!made) co_return made.error().message();
    for (const auto& [name, outcome] : *made) {
        const bool there =
            outcome || outcome.error().code == kafka::error_code::topic_already_exists;
        if (!there) co_return name + ": " + outcome.error().message();
    }
    co_return std::nullopt;
}

bool is_whole(const client::partition_description& partition) {
    return partition.leader >= 0 && partition.isr.size() >= partition.replicas.size();
}

awaitable<bool> are_whole(client::admin& asking, std::vector<client::new_topic> topics) {
    std::set<std::string> names;
    for (const client::new_topic& each : topics) names.insert(each.name);
    const auto seen = co_await asking.describe_topics(std::move(names));
    if (!seen) co_return false;
    for (const client::new_topic& each : topics) {
        const auto found = seen->find(each.name);
        if (found == seen->end() || !found->second) co_return false;
        const auto& partitions = found->second->partitions;
        if (std::cmp_not_equal(partitions.size(), each.partitions)) co_return false;
        if (!std::ranges::all_of(partitions, is_whole)) co_return false;
    }
    co_return true;
}

awaitable<std::expected<void, std::string>> keep_trying(runtime::environment& world,
                                                        client::admin& asking,
                                                        std::vector<client::new_topic> topics,
                                                        runtime::instant deadline) {
    std::string why = "no broker answered in time";
    while (world.now() < deadline) {
        const auto problem = co_await try_to_make(asking, topics);
        if (problem) {
            why = *problem;
        } else if (co_await are_whole(asking, topics)) {
            co_return std::expected<void, std::string>();
        } else {
            why = "not all replicas are in sync";
        }
        co_await world.sleep_for(rest_between_tries);
    }
    co_return std::unexpected("the topics could not be made: " + why);
}

}  // namespace

client::new_topic topic_of(const load_options& load,
                           std::string name,
                           std::map<std::string, std::string> configs) {
    if (load.unclean_elections) configs.emplace("unclean.leader.election.enable", "true");
    return {.name = std::move(name),
            .partitions = load.partitions,
            .replication_factor = static_cast<std::int16_t>(load.replication_factor),
            .configs = std::move(configs)};
}

awaitable<std::expected<void, std::string>> make_topics(runtime::environment& world,
                                                        const load_options& load,
                                                        std::vector<client::new_topic> topics,
                                                        runtime::instant deadline) {
    client::admin asking(world, client_settings(load, "set-up"));
    std::exception_ptr failure;
    std::expected<void, std::string> made;
    try {
        made = co_await keep_trying(world, asking, std::move(topics), deadline);
    } catch (...) {
        failure = std::current_exception();
    }
    // Whoever could not be asked need not be told goodbye; a cancelled set-up waits for nothing.
    co_await asking.close();
    if (failure) std::rethrow_exception(failure);
    co_return made;
}

}  // namespace verdikt::workloads
