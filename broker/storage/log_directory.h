/// One entry of `log.dirs`: the partitions that live there, and the health of the disk under them.
///
/// Opening takes the directory's lock, checks or writes `meta.properties`, and recovers every
/// partition, whatever state a crash left it in. From then on the directory owns the background
/// work: checkpoints, retention, compaction, expiry of producers, the watch over free space.
///
/// Health: any error of the device, and above all a failed sync, takes the whole directory offline
/// for good (the page cache can no longer be believed); it is never retried. A full disk does not:
/// below the reserve `client` appends are refused with `no_space` while retention, DeleteRecords,
/// truncation and `internal` appends go on, and appends are taken again by themselves once space is
/// back.
///
/// A disk that hangs (`stalled`) is only told of: what was begun stays under way, and more may be
/// asked of it, so that one that thaws goes on where it was.
///
/// Lives on one executor; `stop` must have returned before it is destroyed.
#pragma once

#include "broker/storage/errc.h"
#include "broker/storage/log_config.h"
#include "broker/storage/partition_log.h"
#include "kafka/types.h"
#include "runtime/environment.h"
#include "runtime/notification.h"

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::broker::storage {

struct directory_settings {
    std::string cluster_id;
    kafka::node_id node{1};
    /// For partitions found at start, until the server calls `partition_log::configure`.
    log_config defaults;
    /// Client appends are refused while fewer bytes are free: log.dir.reserved.bytes.
    std::uint64_t reserved_bytes = std::uint64_t{256} << 20;
    std::chrono::milliseconds space_check_interval{1'000};
    std::chrono::milliseconds stall_timeout{4'000};  ///< disk.stall.timeout.ms
    std::chrono::milliseconds checkpoint_interval{
        60'000};  ///< log.flush.offset.checkpoint.interval.ms
    std::chrono::milliseconds retention_check_interval{
        300'000};                                        ///< log.retention.check.interval.ms
    std::chrono::milliseconds cleaner_interval{15'000};  ///< log.cleaner.backoff.ms
    std::chrono::milliseconds producer_id_expiration{86'400'000};  ///< producer.id.expiration.ms
};

class log_directory {
  public:
    virtual ~log_directory() = default;

    /// Creates the directory if it is absent. On `wrong_identity` and `locked` the broker must not
    /// start; on anything else it may go on without this directory.
    [[nodiscard]] static runtime::awaitable<std::expected<std::unique_ptr<log_directory>, errc>>
    open(runtime::environment& world, std::filesystem::path path, directory_settings settings);

    [[nodiscard]] virtual const std::filesystem::path& path() const = 0;
    [[nodiscard]] virtual kafka::uuid directory_id() const = 0;
    /// False if the previous incarnation was cut short, and the logs had to be recovered.
    [[nodiscard]] virtual bool was_clean() const = 0;
    /// The broker epoch of the previous incarnation if that ended cleanly, else -1. It proves to
    /// the controller that nothing here was lost since.
    [[nodiscard]] virtual kafka::broker_epoch former_broker_epoch() const = 0;
    /// Ours, for a clean `stop` to leave to the next incarnation.
    virtual void set_broker_epoch(kafka::broker_epoch epoch) = 0;

    /// Nothing if it is not here. A partition under deletion is no longer here.
    [[nodiscard]] virtual std::shared_ptr<partition_log> partition(
        const kafka::topic_partition& which) const = 0;
    /// Sorted by topic and index.
    [[nodiscard]] virtual std::vector<std::shared_ptr<partition_log>> partitions() const = 0;

    /// Durable with its first record, or after its `flush`: a power loss before may take it, for
    /// whoever wants it to make it again.
    [[nodiscard]] virtual runtime::awaitable<std::expected<std::shared_ptr<partition_log>, errc>>
    create_partition(kafka::topic_partition which, kafka::uuid topic_id, log_config config) = 0;
    /// The name is free, and the deletion durable, on return; the files go a moment later.
    [[nodiscard]] virtual runtime::awaitable<std::expected<void, errc>> delete_partition(
        kafka::topic_partition which) = 0;
    /// As `delete_partition`, but the files stay, under a name that ends in `-stray` and that
    /// nothing here looks at again: for partitions that nobody asked to delete.
    [[nodiscard]] virtual runtime::awaitable<std::expected<void, errc>> set_aside_partition(
        kafka::topic_partition which) = 0;

    [[nodiscard]] bool online() const { return !offline_reason().has_value(); }
    /// What took it offline, for the log and the operator.
    [[nodiscard]] virtual std::optional<std::string> offline_reason() const = 0;
    /// Whether the disk has not answered for longer than the stall timeout, or has begun to answer
    /// again only lately.
    [[nodiscard]] virtual bool stalled() const = 0;
    /// Woken when the directory goes offline, when it starts or stops refusing client appends, and
    /// when it stalls or thaws.
    [[nodiscard]] virtual runtime::notification& health_changed() = 0;
    /// Whether client appends are refused for want of space.
    [[nodiscard]] virtual bool below_reserve() const = 0;
    /// As last measured.
    [[nodiscard]] virtual runtime::disk_space space() const = 0;
    /// For others who keep files here, so that a hang is noticed at theirs too.
    [[nodiscard]] virtual runtime::file_system& files() = 0;

    /// Writes the checkpoint files now.
    [[nodiscard]] virtual runtime::awaitable<std::expected<void, errc>> checkpoint() = 0;
    /// Runs retention now, as the timer would.
    [[nodiscard]] virtual runtime::awaitable<void> apply_retention() = 0;
    /// Compacts every log that is due, as the timer would.
    [[nodiscard]] virtual runtime::awaitable<void> compact() = 0;

    /// Clean shutdown: waits for writes in flight, flushes and closes every log, writes checkpoints
    /// and `.kafka_cleanshutdown`, ends the background work. Idempotent.
    [[nodiscard]] virtual runtime::awaitable<void> stop() = 0;
};

}  // namespace verdikt::broker::storage
