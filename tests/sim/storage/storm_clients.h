/// The clients of a storm: what they write, what they remember, and what they hold a log to.
///
/// They outlive every incarnation of the process. A batch counts as acknowledged once it was
/// committed; from then on it must be found unchanged until its records are deleted on request.
#pragma once

#include "broker/storage/stored_log.h"
#include "runtime/environment.h"
#include "tests/sim/storage/naive_log.h"
#include "tests/sim/storage/storm.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace verdikt::broker::storage {

class storm_clients {
  public:
    using violation = std::function<void(const std::string&)>;

    /// Requires: the report outlives it.
    storm_clients(storm_report& counts, violation found_wrong)
        : report_(counts), note_violation_(std::move(found_wrong)) {}

    [[nodiscard]] bool wrote_to(const kafka::topic_partition& which) const {
        return acknowledged_.contains(which);
    }

    /// Looks for every acknowledged batch in the files of a log that was just recovered.
    void check(const kafka::topic_partition& which, const naive::log& truth, const stored_log& log);

    /// A producer whose last batch was acknowledged sends it again, as after a lost answer.
    runtime::awaitable<void> repeat_acknowledged(partition_log& log);

    /// One writer, until the log fails.
    runtime::awaitable<void> write(runtime::environment& env,
                                   std::shared_ptr<partition_log> log,
                                   kafka::leader_epoch epoch);

    /// Rolls, flushes, deletes records and reads, now and then.
    runtime::awaitable<void> disturb(runtime::environment& env, std::shared_ptr<partition_log> log);

  private:
    struct batch {
        std::vector<std::byte> bytes;
        std::int64_t base = 0;
    };
    struct producer {
        kafka::producer_id id = kafka::no_producer_id;
        kafka::sequence next;
        kafka::leader_epoch epoch;
        bool in_transaction = false;
        bool transactional = false;
    };

    [[nodiscard]] static std::vector<std::byte> make_data(const producer& me,
                                                          runtime::random_source& dice);
    [[nodiscard]] static std::vector<std::byte> make_marker(const producer& me,
                                                            runtime::random_source& dice);
    runtime::awaitable<bool> write_until_acknowledged(partition_log& log,
                                                      std::vector<std::byte>& bytes,
                                                      producer& me,
                                                      bool marker,
                                                      runtime::environment& env,
                                                      runtime::random_source& dice);
    void remember(const kafka::topic_partition& which,
                  const std::vector<std::byte>& bytes,
                  const append_result& done,
                  producer& me,
                  bool marker);
    runtime::awaitable<void> delete_some(partition_log& log, runtime::random_source& dice);
    runtime::awaitable<void> read_some(partition_log& log, runtime::random_source& dice);

    storm_report& report_;
    violation note_violation_;
    std::map<kafka::topic_partition, std::map<kafka::offset, batch>> acknowledged_;
    std::map<kafka::topic_partition, kafka::offset> deleted_below_;
    /// The last acknowledged batch of producers that wrote nothing after it.
    std::map<kafka::topic_partition, std::map<kafka::producer_id, batch>> last_of_producer_;
    std::int64_t next_producer_ = 1;
};

}  // namespace verdikt::broker::storage
