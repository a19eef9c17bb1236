/// Plays a script of events against a group and writes down what it answers.
///
/// A line that starts with ">" is an event, one with "#" a remark; the indented lines under an
/// event are what came of it. Ticket N joins under the fresh member id "mN", so ids in a script are
/// stable.
///
///     > settings delay=0 max=2                     before anything else
///     > join N [as=ID] [instance=I] [protocols=range/t1+t2,sticky/t1] [type=connect]
///              [session=MS] [rebalance=MS] [required] [skip]
///     > sync N as=ID gen=G [instance=I] [assign=ID:WORDS,ID:WORDS] [type=T] [protocol=P]
///     > heartbeat|leave|commit [as=ID] [gen=G] [instance=I]
///     > fire session|pending ID, fire rebalance, fire sync
///     > stored [ERROR]                             the oldest write has completed
///     > restart                                    with what was last written
///     > delete, undo, abandon
#pragma once

#include "broker/coordinator/group.h"

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::broker::coordinator {

class group_script {
  public:
    group_script();

    /// The script with its outcome filled in anew: equal to the script if all is as it was.
    [[nodiscard]] std::string play(const std::string& script);

  private:
    struct words {
        std::string verb;
        std::vector<std::string> plain;
        std::map<std::string, std::string> named;

        [[nodiscard]] bool has(const std::string& flag) const;
        [[nodiscard]] std::string get(const std::string& key, std::string fallback = "") const;
    };

    [[nodiscard]] static words parse(const std::string& line);
    [[nodiscard]] std::string play_event(const words& event);
    [[nodiscard]] std::string outcome(const words& event, effects& out);
    void join(const words& event, effects& out);
    void sync(const words& event, effects& out);
    void fire(const words& event, effects& out);
    void stored(const words& event, effects& out);
    [[nodiscard]] std::string state_line() const;

    group_settings settings_;
    group machine_;
    std::deque<store_group> writing_;
    stored_group last_written_;
    std::string last_state_;
};

/// One line a effect, for scripts and failure reports.
[[nodiscard]] std::string describe(const effect& which);

/// A consumer's subscription to topics joined by '+', as version 0 of its protocol.
[[nodiscard]] std::vector<std::byte> subscription_to(std::string_view topics);

}  // namespace verdikt::broker::coordinator
