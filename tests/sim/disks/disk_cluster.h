/// Three brokers, a program that sends to each partition all the time, and questions to them all.
///
///     disk_cluster cluster(seed, {.directories = 2});
///     cluster.run([&]() -> awaitable<void> { ... co_await cluster.send_to_each(); ... });
///
/// What was acknowledged is remembered, and `judge` says what became of it.
#pragma once

#include "broker/metadata/cluster.h"
#include "client/producer.h"
#include "runtime/sim/world.h"
#include "tests/sim/client_programs/produced_history.h"
#include "tests/sim/disks/disk_machine.h"

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::tests {

struct disk_cluster_form {
    int directories = 1;
    std::vector<std::pair<std::string, std::string>> settings = {};
};

class disk_cluster {
  public:
    static constexpr int partitions = 4;

    explicit disk_cluster(std::uint64_t seed, const disk_cluster_form& form = {});
    disk_cluster(const disk_cluster&) = delete;
    disk_cluster& operator=(const disk_cluster&) = delete;
    ~disk_cluster();

    /// Starts all, waits until every replica is in sync, and runs the story to its end.
    void run(const std::function<runtime::awaitable<void>()>& story);

    // ---- Within the story.

    /// Returns true once it holds, false after `patience`.
    [[nodiscard]] runtime::awaitable<bool> until(std::function<bool()> holds,
                                                 runtime::duration patience);
    /// True once another record of a program that sends all the time is acknowledged in each
    /// partition.
    [[nodiscard]] runtime::awaitable<bool> until_each_takes_records(runtime::duration patience);
    [[nodiscard]] runtime::awaitable<bool> until_all_in_sync(runtime::duration patience);
    /// Ends the sender, reads everything, and says what is wrong.
    [[nodiscard]] runtime::awaitable<std::vector<std::string>> judge();

    /// Number of the node that is the active controller, or leads; 0 if nobody knows.
    [[nodiscard]] int controller() const;
    [[nodiscard]] int leader_of(int partition) const;
    /// As the newest image says; null before there is a topic.
    [[nodiscard]] const broker::metadata::partition* partition(int which) const;
    /// Of the node's replica of that partition: the index of its directory, nothing if it has none.
    [[nodiscard]] std::optional<int> directory_of(int number, int partition) const;
    [[nodiscard]] bool is_fenced(int number) const;
    /// For a failed expectation.
    [[nodiscard]] std::string picture() const;

    [[nodiscard]] disk_machine& node(int number) { return machines_.at(number - 1); }
    [[nodiscard]] std::deque<disk_machine>& nodes() { return machines_; }
    [[nodiscard]] runtime::sim::world& universe() { return universe_; }
    [[nodiscard]] std::size_t acknowledged() const { return history_.count<client::delivered>(); }

  private:
    [[nodiscard]] const broker::metadata::image* newest_image() const;
    [[nodiscard]] bool all_in_sync() const;
    runtime::awaitable<void> send(runtime::environment& world);
    runtime::awaitable<void> keep_sending(runtime::environment& world,
                                          client::producer& through,
                                          int partition);

    runtime::sim::world universe_;
    std::deque<disk_machine> machines_;
    runtime::sim::node& sender_;
    runtime::sim::node& reader_;
    produced_history history_;
    std::vector<found_record> found_;
    std::vector<std::uint64_t> taken_;  ///< Records acknowledged by partition.
    int sender_lives_ = 0;
    bool over_ = false;
};

}  // namespace verdikt::tests
