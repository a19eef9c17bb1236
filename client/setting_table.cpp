/// Every setting of the client, declared once.
#include "client/configuration.h"

#include <algorithm>
#include <array>

namespace verdikt::client {

namespace {

constexpr auto producer = static_cast<std::uint8_t>(role::producer);
constexpr auto consumer = static_cast<std::uint8_t>(role::consumer);
constexpr auto everyone = static_cast<std::uint8_t>(7);
constexpr std::int64_t int_max = INT32_MAX;

using namespace std::string_view_literals;
constexpr std::array acks_choices{"all"sv, "-1"sv, "0"sv, "1"sv};
constexpr std::array codec_choices{"none"sv, "gzip"sv, "snappy"sv, "lz4"sv, "zstd"sv};
constexpr std::array isolation_choices{"read_uncommitted"sv, "read_committed"sv};
constexpr std::array reset_choices{"latest"sv, "earliest"sv, "none"sv};

// clang-format off
constexpr setting table[] = {
    {"acks", producer, &client_config::acks, 0, 0, acks_choices,
     "Who must have a batch before the leader answers: nobody, the leader, or all in-sync replicas."},
    {"allow.auto.create.topics", consumer, &client_config::allow_auto_create_topics, 0, 0, {},
     "Whether asking for metadata of an unknown topic may create it."},
    {"auto.commit.interval.ms", consumer, &client_config::auto_commit_interval_ms, 0, int_max, {},
     "Time between automatic commits."},
    {"auto.offset.reset", consumer, &client_config::auto_offset_reset, 0, 0, reset_choices,
     "Where to start where no valid position is known."},
    {"batch.size", producer, &client_config::batch_size, 0, int_max, {},
     "Bytes, before compression, at which a batch is sent without lingering."},
    {"bootstrap.servers", everyone, &client_config::bootstrap_servers, 0, 0, {},
     "host:port of some brokers, from which the others are learnt."},
    {"buffer.memory", producer, &client_config::buffer_memory, 0, INT64_MAX, {},
     "Bytes of records that may wait for their outcome."},
    {"check.crcs", consumer, &client_config::check_crcs, 0, 0, {},
     "Whether fetched batches are checked against their checksums."},
    {"client.id", everyone, &client_config::client_id, 0, 0, {},
     "A name for the brokers' logs."},
    {"client.rack", consumer, &client_config::client_rack, 0, 0, {},
     "Where this client stands, sent with each fetch."},
    {"compression.gzip.level", producer, &client_config::compression_gzip_level, -1, 9, {},
     "-1 is zlib's default."},
    {"compression.type", producer, &client_config::compression_type, 0, 0, codec_choices,
     "The codec of batches."},
    {"compression.zstd.level", producer, &client_config::compression_zstd_level, -131072, 22, {},
     "zstd's own scale."},
    {"default.api.timeout.ms", everyone, &client_config::default_api_timeout_ms, 0, int_max, {},
     "How long a call with retries may take altogether."},
    {"delivery.timeout.ms", producer, &client_config::delivery_timeout_ms, 0, int_max, {},
     "After this time a record has its outcome, whatever it is."},
    {"enable.auto.commit", consumer, &client_config::enable_auto_commit, 0, 0, {},
     "Whether positions are committed in the background."},
    {"enable.idempotence", producer, &client_config::enable_idempotence, 0, 0, {},
     "Whether retries can neither duplicate nor reorder (KIP-98)."},
    {"fetch.max.bytes", consumer, &client_config::fetch_max_bytes, 0, int_max, {},
     "Most bytes of one answer; a first batch that is larger still comes whole."},
    {"fetch.max.wait.ms", consumer, &client_config::fetch_max_wait_ms, 0, int_max, {},
     "How long a broker waits for fetch.min.bytes."},
    {"fetch.min.bytes", consumer, &client_config::fetch_min_bytes, 0, int_max, {},
     "Bytes for which a broker holds its answer back."},
    {"group.id", consumer, &client_config::group_id, 0, 0, {},
     "The group that this consumer joins or commits for."},
    {"group.instance.id", consumer, &client_config::group_instance_id, 0, 0, {},
     "Makes a static member: a restart under the same name causes no rebalance (KIP-345)."},
    {"heartbeat.interval.ms", consumer, &client_config::heartbeat_interval_ms, 1, int_max, {},
     "Time between heartbeats to the group coordinator."},
    {"isolation.level", consumer, &client_config::isolation_level, 0, 0, isolation_choices,
     "Whether records of open and aborted transactions are returned."},
    {"linger.ms", producer, &client_config::linger_ms, 0, int_max, {},
     "How long a batch waits for more records."},
    {"max.block.ms", producer, &client_config::max_block_ms, 0, INT64_MAX, {},
     "How long an append waits for metadata and for room."},
    {"max.in.flight.requests.per.connection", producer,
     &client_config::max_in_flight_requests_per_connection, 1, int_max, {},
     "Produce requests that may be under way to one broker; at most 5 with idempotence."},
    {"max.partition.fetch.bytes", consumer, &client_config::max_partition_fetch_bytes, 0, int_max, {},
     "Most bytes of one partition in an answer."},
    {"max.poll.interval.ms", consumer, &client_config::max_poll_interval_ms, 1, int_max, {},
     "A member that does not poll for so long leaves its group."},
    {"max.poll.records", consumer, &client_config::max_poll_records, 1, int_max, {},
     "Most records that one poll returns."},
    {"max.request.size", producer, &client_config::max_request_size, 0, int_max, {},
     "Most bytes of a produce request, and of a record before compression."},
    {"metadata.max.age.ms", everyone, &client_config::metadata_max_age_ms, 0, INT64_MAX, {},
     "Metadata is fetched anew at this age even if nothing seems wrong."},
    {"partition.assignment.strategy", consumer, &client_config::partition_assignment_strategy, 0, 0, {},
     "Assignors by preference: range, roundrobin, cooperative-sticky."},
    {"partitioner.ignore.keys", producer, &client_config::partitioner_ignore_keys, 0, 0, {},
     "Whether keyed records are spread as those without key are."},
    {"receive.message.max.bytes", everyone, &client_config::receive_message_max_bytes, 1000, int_max, {},
     "An answer that claims to be larger breaks the connection."},
    {"reconnect.backoff.max.ms", everyone, &client_config::reconnect_backoff_max_ms, 0, INT64_MAX, {},
     "Upper bound of the time between attempts to connect."},
    {"reconnect.backoff.ms", everyone, &client_config::reconnect_backoff_ms, 0, INT64_MAX, {},
     "Time between the first attempts to connect; doubles with each failure."},
    {"request.timeout.ms", everyone, &client_config::request_timeout_ms, 0, int_max, {},
     "How long one request waits for its answer."},
    {"retries", producer, &client_config::retries, 0, int_max, {},
     "Attempts after the first; delivery.timeout.ms bounds them better."},
    {"retry.backoff.max.ms", everyone, &client_config::retry_backoff_max_ms, 0, INT64_MAX, {},
     "Upper bound of the time between retries."},
    {"retry.backoff.ms", everyone, &client_config::retry_backoff_ms, 0, INT64_MAX, {},
     "Time before the first retry; doubles with each (KIP-580)."},
    {"session.timeout.ms", consumer, &client_config::session_timeout_ms, 1, int_max, {},
     "A member whose heartbeats stay away for so long is removed from its group."},
    {"socket.connection.setup.timeout.ms", everyone,
     &client_config::socket_connection_setup_timeout_ms, 1, INT64_MAX, {},
     "How long connecting may take."},
    {"transaction.timeout.ms", producer, &client_config::transaction_timeout_ms, 1, int_max, {},
     "A transaction that is open for so long is aborted by its coordinator."},
    {"transaction.version.max", producer, &client_config::transaction_version_max, 1, 2, {},
     "The newest transaction protocol to speak (KIP-890): 1 is that of clients before Kafka 4. "
     "Kafka has no such setting."},
    {"transactional.id", producer, &client_config::transactional_id, 0, 0, {},
     "Makes the producer transactional: who starts one of the same id fences those before it."},
};
// clang-format on

}  // namespace

std::span<const setting> settings() {
    return table;
}

}  // namespace verdikt::client
