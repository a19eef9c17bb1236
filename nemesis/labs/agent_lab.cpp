#include "nemesis/labs/agent_lab.h"

#include "runtime/check.h"
#include "runtime/scope.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace verdikt::nemesis::labs {

using nlohmann::json;

std::optional<std::string> agent_lab::refusal(fault_kind kind) const {
    const fault_description& known = describe(kind);
    if (std::cmp_less(nodes().size(), known.nodes_min)) {
        return fmt::format("it takes {} nodes or more", known.nodes_min);
    }
    const auto found = lacking_.find(known.needs);
    if (found == lacking_.end()) return std::nullopt;
    return found->second;
}

void agent_lab::add_host(std::int32_t host, std::unique_ptr<agent_link> link) {
    const bool added = links_.emplace(host, std::move(link)).second;
    CHECK(added, "host {}", host);
}

lab::reply<json> agent_lab::ask(std::int32_t host, json request) {
    const auto found = links_.find(host);
    if (found == links_.end()) co_return std::unexpected(fmt::format("there is no host {}", host));
    co_return co_await found->second->ask(std::move(request));
}

runtime::awaitable<void> agent_lab::ask_for(std::int32_t host,
                                            std::string what,
                                            std::expected<void, std::string>& all) {
    const auto done = co_await ask(host, {{"do", std::move(what)}});
    if (!done && all) all = std::unexpected(fmt::format("host {}: {}", host, done.error()));
}

lab::reply<void> agent_lab::ask_from(std::int32_t first, std::string what) {
    std::expected<void, std::string> all;
    runtime::scope asking(world_.get_executor());
    for (auto each = links_.lower_bound(first); each != links_.end(); ++each) {
        asking.spawn(ask_for(each->first, what, all));
    }
    co_await asking.join();
    co_return all;
}

lab::reply<void> agent_lab::ask_nodes(std::string what) {
    return ask_from(clients_host + 1, std::move(what));
}

runtime::awaitable<void> agent_lab::end_hosts() {
    (void)co_await ask_nodes("end");  // Whoever does not answer is killed with its agent.
    runtime::scope stopping(world_.get_executor());
    for (auto& [host, link] : links_) stopping.spawn(link->stop());
    co_await stopping.join();
    links_.clear();
}

lab::reply<evidence> agent_lab::apply(act_id act,
                                      placed_fault what,
                                      std::chrono::milliseconds heal_after) {
    const auto done = co_await ask(what.host,
                                   {{"do", "apply"},
                                    {"act", act},
                                    {"fault", agent::to_json(what.what)},
                                    {"heal_after_ms", heal_after.count()}});
    if (!done) co_return std::unexpected(done.error());
    co_return agent::evidence_from(*done);
}

lab::reply<evidence> agent_lab::heal(act_id act, std::int32_t host) {
    const auto done = co_await ask(host, {{"do", "heal"}, {"act", act}});
    if (!done) co_return std::unexpected(done.error());
    co_return agent::evidence_from(*done);
}

lab::reply<void> agent_lab::heal_all() {
    return ask_from(clients_host, "heal-all");
}

lab::reply<bool> agent_lab::is_running(std::int32_t node) {
    const auto done = co_await ask(node, {{"do", "running"}});
    if (!done) co_return std::unexpected(done.error());
    co_return done->at("running").get<bool>();
}

lab::reply<program_result> agent_lab::run(std::int32_t host, std::vector<std::string> words) {
    const auto done = co_await ask(host, {{"do", "run"}, {"words", std::move(words)}});
    if (!done) co_return std::unexpected(done.error());
    co_return agent::program_result_from(*done);
}

lab::reply<void> agent_lab::collect_data(std::int32_t node, std::filesystem::path into) {
    std::filesystem::create_directories(into);
    const auto done =
        co_await run(node, {"cp", "-a", (folder_of(node) / "data" / ".").string(), into.string()});
    if (!done) co_return std::unexpected(done.error());
    if (done->exit_code != 0) co_return std::unexpected(done->errors);
    co_return std::expected<void, std::string>();
}

}  // namespace verdikt::nemesis::labs
