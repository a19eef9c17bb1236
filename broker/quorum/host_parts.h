/// What a quorum host is made of. Included by this folder's .cpp files only.
///
/// `step` is the only way into the core: it gives the event the time and some chance, and hands the
/// effects out in their order. It is never entered twice, because nothing that an effect sets off
/// runs before all of them are handed out.
///
/// Who waits for an answer does so in a coroutine of the caller's, listed in `waiting_` or
/// `changing_` until it is answered or gone; after its wait it touches nothing here, so that the
/// host may be gone by then.
#pragma once

#include "broker/quorum/delivery.h"
#include "broker/quorum/metadata_disk.h"
#include "broker/quorum/quorum_host.h"
#include "broker/quorum/state_file.h"
#include "runtime/check.h"
#include "runtime/scope.h"
#include "runtime/wait_point.h"

#include <array>
#include <bitset>
#include <functional>
#include <map>

namespace verdikt::broker::quorum {

class quorum_host::parts final : private disk_owner {
  public:
    parts(runtime::environment& world,
          storage::log_directory& directory,
          quorum_settings settings,
          peers& others,
          quorum_listener& listener);

    // host_parts.cpp
    [[nodiscard]] runtime::awaitable<std::expected<void, std::string>> start();
    [[nodiscard]] runtime::awaitable<void> stop();
    [[nodiscard]] std::expected<raft::offset, kafka::error_code> append(
        raft::leader_epoch epoch, raft::offset expected_end, std::span<const frame> frames);
    [[nodiscard]] runtime::awaitable<bool> take_snapshot(raft::snapshot_id id,
                                                         std::vector<frame> frames,
                                                         kafka::timestamp time);
    [[nodiscard]] runtime::awaitable<void> resign(runtime::duration patience);

    // host_waiting.cpp
    /// What a request is answered with, and the bytes that go with it.
    struct served {
        raft::answer what;
        raft::payload bytes = nullptr;
        /// Where the leader is that it names.
        std::optional<std::pair<raft::node_id, raft::endpoint>> leader = {};
    };
    /// Nothing where this replica does not take part (any more).
    [[nodiscard]] runtime::awaitable<std::optional<served>> serve(raft::request what,
                                                                  std::size_t bytes_max);
    using voter_change = std::function<void(
        raft::replica&, raft::ticket, const raft::replica::change_time&, raft::effects&)>;
    /// NOT_LEADER_OR_FOLLOWER where this replica does not take part.
    [[nodiscard]] runtime::awaitable<kafka::error_code> change_voters(voter_change change,
                                                                      runtime::duration timeout);

    // host_requests.cpp
    template <typename Response, typename Request>
    [[nodiscard]] auto understand(const Request& request) const;

    [[nodiscard]] bool takes_part() const { return core_ && !failure_ && !stopping_; }
    [[nodiscard]] const raft::replica& core() const { return *core_; }
    [[nodiscard]] raft::offset applied() const {
        return delivery_ ? delivery_->applied() : raft::offset(0);
    }
    [[nodiscard]] const std::optional<std::string>& failure() const { return failure_; }
    [[nodiscard]] const quorum_settings& settings() const { return settings_; }
    [[nodiscard]] runtime::environment& world() { return world_; }

  private:
    /// Lives in the coroutine that waits.
    template <typename Answer>
    struct waiter {
        std::size_t bytes_max = 0;
        runtime::wait_point<Answer> arrived = {};
        bool answered = false;
    };
    template <typename Answer>
    using waiters = std::map<raft::ticket, waiter<Answer>*>;
    template <typename Answer>
    class listed;
    template <typename Answer>
    static void deliver(waiters<Answer>& in, raft::ticket to, Answer what);

    // host_parts.cpp
    [[nodiscard]] runtime::awaitable<
        std::expected<std::shared_ptr<storage::partition_log>, std::string>>
    open_log();
    [[nodiscard]] storage::log_config log_settings() const;
    void fail(std::string why);
    void release_all();

    // host_effects.cpp
    using event = std::function<void(raft::replica&, const raft::moment&, raft::effects&)>;
    void step(const event& what);
    [[nodiscard]] raft::moment moment();
    void carry_out(raft::effects& out);
    void carry_out(raft::effect& what);
    void carry_out_news(raft::effect& what);
    void send_all();
    [[nodiscard]] runtime::awaitable<void> ask(raft::send what);
    void reply(raft::reply what);
    [[nodiscard]] served with_leader(raft::answer what) const;
    void set_alarm(raft::arm_timer what);
    [[nodiscard]] runtime::awaitable<void> run_timers();
    void tell_voters();
    [[nodiscard]] runtime::awaitable<void> watch_disk();
    void give_way();

    // disk_owner
    void log_synced(raft::sync_id id) override;
    void snapshot_installed(raft::snapshot_id snapshot, const raft::voter_set& voters) override;
    void committed(raft::offset to) override;
    void read(unread_answer which, raft::payload bytes) override;
    void disk_full() override;
    void disk_failed(std::string why) override;

    runtime::environment& world_;
    storage::log_directory& directory_;
    quorum_settings settings_;
    peers& others_;
    quorum_listener& listener_;

    std::shared_ptr<storage::partition_log> log_;
    std::unique_ptr<snapshot_files> snapshots_;
    std::unique_ptr<state_file> state_;
    std::unique_ptr<metadata_disk> disk_;
    std::unique_ptr<delivery> delivery_;
    std::unique_ptr<raft::replica> core_;
    bool stepping_ = false;
    std::vector<raft::send> outgoing_;  ///< Of the event that is being carried out.
    bool stopping_ = false;
    std::optional<std::string> failure_;
    raft::voter_set told_voters_;

    std::array<std::unique_ptr<runtime::alarm>, raft::timer_count> alarms_;
    std::bitset<raft::timer_count> due_;
    runtime::notification timer_due_;
    runtime::notification leader_moved_;

    std::uint64_t last_ticket_ = 0;
    waiters<std::optional<served>> waiting_;
    waiters<kafka::error_code> changing_;

    runtime::scope disk_work_;  ///< Ends by itself, so that nothing is left half done.
    runtime::scope work_;       ///< Is cancelled.
};

/// The entry of one that waits, for as long as it does.
template <typename Answer>
class quorum_host::parts::listed {
  public:
    listed(waiters<Answer>& in, raft::ticket as, waiter<Answer>& who)
        : in_(in), as_(as), who_(who) {
        in_.emplace(as, &who);
    }
    listed(const listed&) = delete;
    listed& operator=(const listed&) = delete;
    /// Whoever answers has taken it out, and the list may be gone by now.
    ~listed() {
        if (!who_.answered) in_.erase(as_);
    }

  private:
    waiters<Answer>& in_;
    raft::ticket as_;
    waiter<Answer>& who_;
};

/// Who asked may have gone away.
template <typename Answer>
void quorum_host::parts::deliver(waiters<Answer>& in, raft::ticket to, Answer what) {
    const auto found = in.find(to);
    if (found == in.end()) return;
    waiter<Answer>& asker = *found->second;
    in.erase(found);
    asker.answered = true;
    asker.arrived.deliver(std::move(what));
}

}  // namespace verdikt::broker::quorum
