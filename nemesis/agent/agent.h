/// The agent: does on one node what a lab asks for, and undoes it.
///
/// Everything that it did is undone by command, by its own timer, and when its pipe closes, however
/// the other end came to its end; then the broker is killed and the agent ends.
#pragma once

#include "nemesis/agent/acts.h"
#include "nemesis/agent/line_pipe.h"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <memory>
#include <string>

namespace verdikt::nemesis::agent {

class agent {
  public:
    /// Owns the descriptors from then on.
    agent(runtime::real::world& world, int input, int output);
    agent(const agent&) = delete;
    agent& operator=(const agent&) = delete;
    ~agent();

    /// Until the pipe closes. Then everything has been undone.
    runtime::awaitable<void> serve();

  private:
    struct open_act {
        std::unique_ptr<act> what;
        /// What it did, once it was undone, for whoever asks later.
        std::optional<act_result> outcome;
        bool busy = true;
    };
    using reply = runtime::awaitable<std::expected<nlohmann::json, std::string>>;

    runtime::awaitable<void> answer(std::string line);
    reply carry_out(const nlohmann::json& request);
    reply set_up(const nlohmann::json& request);
    reply apply(const nlohmann::json& request);
    reply heal(const nlohmann::json& request);
    runtime::awaitable<act_result> undo(act_id id);
    runtime::awaitable<void> undo_later(act_id id, runtime::duration span);
    runtime::awaitable<std::expected<void, std::string>> undo_all();
    runtime::awaitable<void> leave_nothing_behind();
    [[nodiscard]] bool in_use(exclusive what) const;

    host host_;
    line_pipe pipe_;
    std::map<act_id, open_act> acts_;
    runtime::notification act_done_;
    runtime::scope answering_;
    runtime::scope timers_;
};

}  // namespace verdikt::nemesis::agent
