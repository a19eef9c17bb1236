/// How a broker process stands with the controller: it registers, catches up, serves, stops
/// (KIP-631).
///
/// Pure: no clock, no network. The caller asks for the next request, sends it to whoever is the
/// active controller, and reports what came of it, "nobody knows" included; then asks again at
/// `next_time`. One request is under way at a time, so that no two heartbeats overtake each other.
///
/// Lives as long as the process. Invariants: the broker has an epoch exactly while it is
/// registered; a request whose outcome is unknown is repeated as it was, since the controller
/// recognises the process; that the process before this one ended cleanly is claimed once, by the
/// first registration.
#pragma once

#include "kafka/error_codes.h"
#include "kafka/messages/broker_heartbeat.h"
#include "kafka/messages/broker_registration.h"
#include "kafka/types.h"
#include "runtime/clock.h"

#include <chrono>
#include <optional>
#include <variant>
#include <vector>

namespace verdikt::broker::lifecycle {

struct lifecycle_settings {
    /// broker.heartbeat.interval.ms
    runtime::duration heartbeat_interval = std::chrono::seconds(2);
    /// Between attempts to register, and between heartbeats while something is to change: fenced,
    /// or about to stop.
    runtime::duration impatient_interval = std::chrono::milliseconds(100);
};

enum class standing {
    unregistered,  ///< Has no epoch: starts, or was forgotten.
    fenced,        ///< Registered, but neither leads nor follows in sync yet, or not any more.
    active,
    stopping,  ///< Has asked to stop, and still serves while its leaderships move.
    stopped,   ///< May stop: nobody counts on it.
    refused,   ///< The controller will never take it as it is; `refusal` says why.
    replaced,  ///< Another process has its id. It must not serve any more.
};

using request = std::variant<kafka::messages::broker_registration_request,
                             kafka::messages::broker_heartbeat_request>;

class broker_lifecycle {
  public:
    /// `registration` says all of the process but its epoch; its `previous_broker_epoch` comes from
    /// the file that a clean stop leaves, which must be gone before this is made.
    broker_lifecycle(kafka::messages::broker_registration_request registration,
                     lifecycle_settings settings);

    /// What to send now; nothing while a request is under way, before its time, or at the end.
    [[nodiscard]] std::optional<request> next_request(runtime::instant now);
    /// When to ask next; nothing while a request is under way, and at the end.
    [[nodiscard]] std::optional<runtime::instant> next_time() const;

    // What came of the request under way.
    void on_registration(const kafka::messages::broker_registration_response& answer,
                         runtime::instant now);
    void on_heartbeat(const kafka::messages::broker_heartbeat_response& answer,
                      runtime::instant now);
    /// No answer, or one that proves nothing: the connection broke, time ran out, NOT_CONTROLLER.
    void on_unknown_outcome(runtime::instant now);

    /// Another node is the controller by now: it is told at once that this process lives, so that
    /// it notices when it ends.
    void on_controller(runtime::instant now);
    /// The metadata log is applied so far. Only forward.
    void on_metadata(kafka::offset applied);
    /// Local logs are recovered. Until then the broker asks to stay fenced.
    void on_recovered(runtime::instant now);
    /// Told with each heartbeat from now on: the controller forgets nothing, but may be another
    /// one.
    void on_failed_directory(const kafka::uuid& directory, runtime::instant now);
    /// While a disk hangs the broker asks to be fenced: others take its leaderships and leave it
    /// out of the in-sync sets, as at a controlled shutdown, and once the disk answers again it
    /// comes back as it would after a break in the network.
    void on_disk_stalled(bool stalled, runtime::instant now);
    void stop(runtime::instant now);

    [[nodiscard]] standing where() const { return standing_; }
    /// -1 while it is not registered.
    [[nodiscard]] kafka::broker_epoch epoch() const { return epoch_; }
    [[nodiscard]] kafka::error_code refusal() const { return refusal_; }
    /// When the last heartbeat was asked for that a controller answered: none could have fenced
    /// this process for silence until a session later.
    [[nodiscard]] std::optional<runtime::instant> last_contact() const { return last_contact_; }

    /// Aborts if an invariant does not hold.
    void check_invariants() const;

  private:
    [[nodiscard]] bool is_over() const;
    [[nodiscard]] kafka::messages::broker_heartbeat_request heartbeat() const;
    void forget_registration();

    kafka::messages::broker_registration_request registration_;
    lifecycle_settings settings_;
    standing standing_ = standing::unregistered;
    kafka::broker_epoch epoch_ = kafka::no_broker_epoch;
    kafka::error_code refusal_ = kafka::error_code::none;
    kafka::offset applied_ = kafka::no_offset;
    std::vector<kafka::uuid> failed_directories_;
    std::optional<runtime::instant> last_contact_;
    runtime::instant asked_;  ///< When the request under way was.
    runtime::instant next_time_;
    bool under_way_ = false;
    bool recovered_ = false;
    bool stalled_ = false;
    bool wants_to_stop_ = false;
};

}  // namespace verdikt::broker::lifecycle
