/// What every lab with agents shares: once the agents are there, all that is done to a host is said
/// to its agent.
#pragma once

#include "nemesis/agent/protocol.h"
#include "nemesis/lab.h"
#include "nemesis/labs/agent_link.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace verdikt::nemesis::labs {

class agent_lab : public lab {
  public:
    [[nodiscard]] std::optional<std::string> refusal(fault_kind kind) const override;
    reply<evidence> apply(act_id act,
                          placed_fault what,
                          std::chrono::milliseconds heal_after) override;
    reply<evidence> heal(act_id act, std::int32_t host) override;
    reply<void> heal_all() override;
    reply<bool> is_running(std::int32_t node) override;
    reply<program_result> run(std::int32_t host, std::vector<std::string> words) override;
    reply<void> collect_data(std::int32_t node, std::filesystem::path into) override;

  protected:
    explicit agent_lab(runtime::real::world& world) : world_(world) {}

    [[nodiscard]] runtime::real::world& world() { return world_; }
    void add_host(std::int32_t host, std::unique_ptr<agent_link> link);
    [[nodiscard]] bool has_hosts() const { return !links_.empty(); }
    /// The number by which the kernel knows what was started for a host.
    [[nodiscard]] pid_t process_of(std::int32_t host) const { return links_.at(host)->id(); }
    void lacks(agent::lacking what) { lacking_ = std::move(what); }

    reply<nlohmann::json> ask(std::int32_t host, nlohmann::json request);
    /// Every host but that of the clients, at the same time.
    reply<void> ask_nodes(std::string what);
    /// Ends the brokers in good order, then the agents. Idempotent.
    runtime::awaitable<void> end_hosts();

  private:
    runtime::awaitable<void> ask_for(std::int32_t host,
                                     std::string what,
                                     std::expected<void, std::string>& all);
    /// Asks all hosts from `first` on.
    reply<void> ask_from(std::int32_t first, std::string what);

    runtime::real::world& world_;
    std::map<std::int32_t, std::unique_ptr<agent_link>> links_;
    agent::lacking lacking_;
};

}  // namespace verdikt::nemesis::labs
