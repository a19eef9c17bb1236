/// One instance after the other, all of one transactional id: each fences the one before it.
///
/// A life ends when it meets an outcome that it cannot know (then it may not act again), crashes,
/// leaves, is fenced, or finds that its partitions may have gone elsewhere while a transaction
/// failed. A life that becomes a zombie hands over to the next at once, or comes back first.
#pragma once

#include "client/consumer.h"
#include "client/producer.h"
#include "runtime/environment.h"
#include "runtime/notification.h"
#include "runtime/scope.h"
#include "workloads/exactly_once/eos_records.h"
#include "workloads/exactly_once/exactly_once.h"
#include "workloads/recorder/recorder.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::workloads {

/// What all instances of a run know together.
struct eos_board {
    std::int64_t next_attempt = 1;
};

class eos_instance {
  public:
    /// References outlive it.
    eos_instance(runtime::environment& world,
                 const exactly_once_options& plan,
                 eos_board& board,
                 recorder& history,
                 std::size_t number,
                 runtime::random_source random);

    runtime::awaitable<void> run(runtime::instant until);
    /// Those that live now end where they stand. False if there is none.
    bool crash();

    [[nodiscard]] std::string transactional_id() const;

  private:
    using op_type = checker::history::op_type;

    /// One process.
    struct life {
        std::int64_t process = -1;
        bool over = false;  ///< It acts no more.
        client::group_standing standing = {};
        std::vector<eos_record> polled = {};
        std::vector<eos_record> made = {};
        std::vector<client::pending_delivery> sent = {};
        bool in_charge = true;  ///< No other life of this instance has begun.
        std::int64_t attempt = -1;
        std::optional<std::int64_t> offsets_asked = {};
        std::optional<std::int64_t> commit_asked = {};
    };

    runtime::awaitable<void> live(runtime::instant until);
    runtime::awaitable<void> use_writer(life& self, runtime::instant until);
    runtime::awaitable<void> use_reader(life& self,
                                        client::producer& writer,
                                        runtime::instant until);
    runtime::awaitable<bool> init(life& self, client::producer& writer);
    runtime::awaitable<void> act(life& self,
                                 client::producer& writer,
                                 client::consumer& reader,
                                 runtime::instant until);

    // One transaction (eos_transaction.cpp).
    runtime::awaitable<void> process(life& self,
                                     client::producer& writer,
                                     client::consumer& reader);
    void begin_attempt(life& self, const client::consumed_records& records);
    runtime::awaitable<op_type> finish(life& self,
                                       client::producer& writer,
                                       client::consumer& reader,
                                       open_operation& op);
    runtime::awaitable<op_type> abort(life& self, client::producer& writer);
    runtime::awaitable<std::optional<client::error>> carry_out(life& self,
                                                               client::producer& writer,
                                                               client::consumer& reader,
                                                               open_operation& op);
    runtime::awaitable<void> work_and_poll_on(life& self, client::consumer& reader);
    runtime::awaitable<std::optional<client::error>> write_outputs(life& self,
                                                                   client::producer& writer);
    runtime::awaitable<void> stand_still(life& self);
    void hand_over(life& self);
    /// Before that nobody leaves, crashes or stands still of itself: a group that is still forming
    /// waits for those it knows, and nobody reads meanwhile.
    [[nodiscard]] bool settled() const;
    runtime::awaitable<op_type> commit(client::producer& writer, open_operation& op);
    runtime::awaitable<op_type> commit_apart(life& self,
                                             client::consumer& reader,
                                             open_operation& op);
    [[nodiscard]] checker::history::datum told_of(const life& self) const;
    void note_places(life& self, open_operation& op);
    void go_back(life& self, client::consumer& reader);
    static void give_back(life& self,
                          client::consumer& reader,
                          const std::vector<eos_record>& records);
    [[nodiscard]] client::offset_map offsets_after(const life& self) const;

    runtime::environment& world_;
    const exactly_once_options& plan_;
    eos_board& board_;
    recorder& history_;
    std::size_t number_;
    runtime::random_source random_;
    std::optional<runtime::scope> living_;
    runtime::instant begun_{};
    runtime::instant until_{};
    std::size_t in_charge_ = 0;  ///< Lives that have not handed over.
    runtime::notification handed_over_;
};

}  // namespace verdikt::workloads
