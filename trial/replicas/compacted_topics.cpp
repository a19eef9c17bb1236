#include "trial/replicas/compacted_topics.h"

#include "client/admin.h"
#include "client/closing.h"

#include <stdexcept>
#include <utility>

namespace verdikt::trial {

using runtime::awaitable;
using found_topics = std::expected<std::set<std::string>, std::string>;

namespace {

client::client_config settings_for(const std::string& servers) {
    auto parsed = client::client_config::parse(client::role::admin,
                                               {{"bootstrap.servers", servers},
                                                {"client.id", "verdikt-replicas"},
                                                {"request.timeout.ms", "5000"},
                                                {"default.api.timeout.ms", "15000"}});
    if (!parsed) throw std::invalid_argument(parsed.error());
    return std::move(*parsed);
}

bool says_compact(const std::vector<client::config_entry>& entries) {
    for (const client::config_entry& each : entries) {
        if (each.name != "cleanup.policy") continue;
        return each.value && each.value->find("compact") != std::string::npos;
    }
    return false;
}

awaitable<found_topics> ask(client::admin& asking) {
    const auto names = co_await asking.list_topics(true);
    if (!names) co_return std::unexpected("topics: " + names.error().message());
    std::set<client::config_resource> resources;
    for (const std::string& each : *names) resources.insert({.name = each});
    const auto answers = co_await asking.describe_configs(std::move(resources));
    if (!answers) co_return std::unexpected("configurations: " + answers.error().message());
    std::set<std::string> found;
    for (const auto& [of, entries] : *answers) {
        if (!entries) co_return std::unexpected(of.name + ": " + entries.error().message());
        if (says_compact(*entries)) found.insert(of.name);
    }
    co_return found;
}

awaitable<void> ask(client::admin& asking, found_topics& into) {
    into = co_await ask(asking);
}

}  // namespace

awaitable<found_topics> compacted_topics(runtime::environment& world, std::string servers) {
    client::admin asking(world, settings_for(servers));
    found_topics found;
    co_await client::use_and_close(asking, ask(asking, found));
    co_return found;
}

}  // namespace verdikt::trial
