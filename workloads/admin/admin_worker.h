/// One line of processes that change topics of their own and ask brokers, one after the other.
#pragma once

#include "client/admin.h"
#include "client/cluster.h"
#include "runtime/environment.h"
#include "workloads/admin/admin.h"
#include "workloads/admin/admin_words.h"
#include "workloads/lives.h"
#include "workloads/recorder/recorder.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace verdikt::workloads {

/// What all processes of a run know together.
struct admin_board {
    std::vector<kafka::node_id> brokers;
    std::set<std::string> topics;    ///< Every name that was ever used.
    std::deque<std::string> recent;  ///< The last of those, for questions in between.
    std::int64_t next_value = 1;     ///< No configuration is ever set to one value twice.
    std::int64_t next_name = 1;

    void note(const std::string& topic);
};

/// Sends one change, as one operation. References outlive it.
runtime::awaitable<checker::history::op_type> change_topic(client::admin& through,
                                                           const admin_options& plan,
                                                           recorder& history,
                                                           std::int64_t process,
                                                           topic_change what);

/// One broker's answer about these topics, as one operation. `final`: everything has been healed.
/// Nothing if there was none. References outlive it.
runtime::awaitable<std::optional<topic_shapes>> describe_topics(client::cluster& through,
                                                                recorder& history,
                                                                std::int64_t process,
                                                                kafka::node_id broker,
                                                                std::set<std::string> topics,
                                                                bool final);
runtime::awaitable<std::optional<topic_configs>> describe_configs(client::cluster& through,
                                                                  recorder& history,
                                                                  std::int64_t process,
                                                                  kafka::node_id broker,
                                                                  std::set<std::string> topics,
                                                                  bool final);

class admin_worker {
  public:
    /// References outlive it.
    admin_worker(runtime::environment& world,
                 const admin_options& plan,
                 admin_board& board,
                 recorder& history,
                 runtime::random_source random);

    runtime::awaitable<void> run(runtime::instant until) { return line_.run(until); }
    bool crash() { return line_.crash(); }

  private:
    /// What the process knows of the topic that is its own.
    struct own_topic {
        std::string name;
        std::int32_t partitions = 0;  ///< 0: it is not there.
    };

    runtime::awaitable<void> live(runtime::instant until);
    runtime::awaitable<void> ask_and_change(client::admin& through, runtime::instant until);
    runtime::awaitable<void> act(client::admin& through,
                                 client::cluster& asking,
                                 runtime::instant until);
    runtime::awaitable<void> describe(client::cluster& asking);
    runtime::awaitable<void> change(client::admin& through);
    void crash_itself();
    [[nodiscard]] topic_change draw_change();
    [[nodiscard]] std::map<std::string, std::optional<std::string>> draw_configs(bool all);
    [[nodiscard]] std::string fresh_name();
    [[nodiscard]] runtime::duration draw_pause();

    runtime::environment& world_;
    const admin_options& plan_;
    admin_board& board_;
    recorder& history_;
    runtime::random_source random_;
    lives line_;
    client::client_config settings_;
    own_topic own_;
    std::int64_t process_ = -1;
    bool over_ = false;  ///< This process acts no more.
};

}  // namespace verdikt::workloads
