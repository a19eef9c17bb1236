/// Random clients, writes that fail or succeed unheard, markers that are lost, coordinators that
/// move; and a model that knows only what was written, what was marked and what clients were told.
///
/// Checked: a transaction (a turn: from the record that opens it to the one that completes it) has
/// one outcome, whoever asks; it is complete only once each of its partitions has the marker; who
/// is told that it committed is told the truth; an identity is told to one client only; nobody's
/// request succeeds after another was told a newer identity; each request is answered once.
#pragma once

#include "broker/coordinator/transactions/transaction_coordinator.h"
#include "runtime/random.h"

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::broker::coordinator::transactions {

class struggle {
  public:
    struggle(std::uint64_t seed, protocol spoken);

    void step();
    /// No more failures: whatever is decided gets its markers, whatever is open its time-out.
    void end();

    [[nodiscard]] int commits_told() const { return commits_told_; }
    [[nodiscard]] int moves() const { return moves_; }

  private:
    enum class request { init, add, end };
    struct asked {
        request what{};
        std::size_t client = 0;
        bool commit = false;
    };
    struct marker {
        send_markers what;
        kafka::topic_partition where;
        kafka::leader_epoch coordinator;
        int turn = 0;
    };

    [[nodiscard]] kafka::timestamp now() const { return kafka::timestamp(clock_); }
    template <typename Event>
    void run(Event event);
    ticket ask(asked what);

    void client_asks_for_identity();
    void client_adds();
    void client_ends();
    void write_completes();
    void marker_arrives();
    void coordinator_moves();

    void append(const std::optional<stored_transaction>& state);
    /// The coordinator knows how the current turn ends.
    void decided(const stored_transaction& state);
    [[nodiscard]] kafka::error_code take_marker(const marker& sent);
    void carry_out(const effect& which);
    void take_answer(const answer& told);
    void told_identity(std::size_t client, const producer_identity& who);
    void send(const send_markers& wanted);

    runtime::random_source random_;
    protocol spoken_;
    std::int64_t clock_ = 1'000;
    std::int64_t fresh_ = 0;
    bool calm_ = false;
    transaction_coordinator coordinator_;

    ticket last_{0};
    std::map<ticket, asked> waiting_;
    std::array<std::optional<producer_identity>, 3> clients_;
    /// Each that was ever told, and to whom.
    std::map<std::pair<kafka::producer_id, kafka::producer_epoch>, std::size_t> owners_;
    std::optional<std::size_t> newest_owner_;

    std::deque<std::optional<stored_transaction>> writing_;
    std::optional<stored_transaction> log_;  ///< The id's last record.
    int turn_ = 0;
    std::map<int, bool> outcomes_;
    std::map<int, partitions> marked_;
    std::deque<marker> marking_;
    std::map<kafka::topic_partition, kafka::leader_epoch> heard_;
    bool completion_failed_ = false;
    int commits_told_ = 0;
    int moves_ = 0;
};

}  // namespace verdikt::broker::coordinator::transactions
