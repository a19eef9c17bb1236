/// A lab's end of the pipe to one agent.
///
/// Requires: `stop` has returned before it is destroyed.
#pragma once

#include "nemesis/agent/line_pipe.h"
#include "runtime/notification.h"
#include "runtime/real/child_process.h"
#include "runtime/real/world.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <string>

namespace verdikt::nemesis::labs {

class agent_link {
  public:
    /// Starts the program that speaks at the other end: an agent, or what connects to one. Throws
    /// std::system_error if it cannot be started. Its errors are appended to `errors`.
    agent_link(runtime::real::world& world,
               std::filesystem::path program,
               std::vector<std::string> arguments,
               std::filesystem::path errors);
    ~agent_link();

    /// The agent's answer, or its objection, or that it is gone.
    runtime::awaitable<std::expected<nlohmann::json, std::string>> ask(nlohmann::json request);

    /// Of the program that was started.
    [[nodiscard]] pid_t id() const;

    /// Closes the pipe, upon which the agent undoes everything and ends; kills it if it does not.
    runtime::awaitable<void> stop();

  private:
    struct state;
    runtime::awaitable<void> listen();

    std::unique_ptr<state> state_;
};

}  // namespace verdikt::nemesis::labs
